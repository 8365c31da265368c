using System.Security.Cryptography;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Journal.Access;
using NodaTime;

namespace KeyAccountLogistics.Cases.Complaints;

/// <summary>A complaint's id and opening. Pure.</summary>
internal static class ComplaintCase
{
    internal const string Home = "home";
    internal const string Elsewhere = "elsewhere";

    // No I, L, O, U: it is read out over the telephone.
    private const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 10;

    /// <summary>Made of the command, so that the same opening sent again is the same complaint; there may be several about one parcel.</summary>
    internal static string IdOf(ReadOnlySpan<byte> commandId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(commandId, hash);
        Span<char> text = stackalloc char[Length];
        for (var i = 0; i < Length; i++) text[i] = Letters[hash[i] % Letters.Length];
        return $"{ComplaintKind.Kind.Prefix}-{text}";
    }

    /// <summary>How it came: the carrier's people say how they took it, the client comes by page or by its system.</summary>
    internal static string ChannelOf(Actor actor, CallerKind caller, string said) =>
        actor.Side != Side.Client ? said : caller == CallerKind.ApiKey ? "api" : "page";

    /// <summary>SEED-04-TL1224; where nobody knows where the complainant is, the shorter time holds.</summary>
    internal static Duration FirstAnswerWithin(string region) =>
        string.Equals(region, Elsewhere, StringComparison.Ordinal) ? ComplaintKind.FirstAnswerElsewhere : ComplaintKind.FirstAnswerAtHome;

    /// <summary>The opening, but for what it is of: subject, parcel, account.</summary>
    internal static CaseOpened Opening(string about, string channel, string region, bool serious) => new()
    {
        Kind = ComplaintKind.Kind.Name, ByHand = true, About = about, Channel = channel, Region = region, FirstAnswerUs = Micros.Of(FirstAnswerWithin(region)),
        Serious = serious || ComplaintKind.SeriousAbout.Contains(about, StringComparer.Ordinal),
    };
}
