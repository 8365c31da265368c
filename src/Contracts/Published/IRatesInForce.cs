namespace KeyAccountLogistics.Contracts.Published;

/// <summary>The prices of the contract versions in force, as they are now. Thread-safe; reading never waits.</summary>
public interface IRatesInForce
{
    /// <summary>What rates by every signed version; a change of what is signed makes a new one.</summary>
    RateInForce Now { get; }
}
