namespace KeyAccountLogistics.Journal.Access;

/// <summary>What modules may ask about people by their ids. Implemented where people are known.</summary>
public interface IKnowPeople
{
    /// <summary>True when there is such a person, may sign in, and sees that account: somebody it can be given to.</summary>
    Task<bool> ReachesAsync(string person, string account, CancellationToken ct = default);
}
