using System.Collections.Immutable;
using Google.Protobuf;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Cases.Life;

/// <summary>A free text that has been sealed: its fingerprint, whose key, and whether the client reads it.</summary>
internal sealed record Note(ByteString Print, string Under, bool Shared);

/// <summary>What somebody asks of a case. A closed set; the id is minted by whoever asks, before it is sent.</summary>
internal abstract record CaseCommand(ByteString Id, Actor Actor, Note? Note)
{
    /// <summary>A step of the kind; <paramref name="Field"/> is where the request named it, <paramref name="DueUs"/> when the clock that it begins is due (0 = as the kind says).</summary>
    internal sealed record TakeStep(ByteString Id, Actor Actor, string Step, string Field, string Reason, Note? Note, long DueUs = 0) : CaseCommand(Id, Actor, Note);

    /// <summary>Something is promised to the client by a time; in words it is the note.</summary>
    internal sealed record MakePromise(ByteString Id, Actor Actor, string What, long DueUs, Note? Note) : CaseCommand(Id, Actor, Note);

    /// <summary>What was promised has been done, in time or late.</summary>
    internal sealed record PromiseDone(ByteString Id, Actor Actor, string Clock, Note? Note) : CaseCommand(Id, Actor, Note);

    /// <summary>A claim's figures, restated.</summary>
    internal sealed record Assess(ByteString Id, Actor Actor, ClaimFigures Claim, Note? Note) : CaseCommand(Id, Actor, Note);

    /// <summary>A note, evidence, another owner; empty parts are not changed.</summary>
    internal sealed record Add(ByteString Id, Actor Actor, ImmutableArray<EvidenceItem> Evidence, string Owner, string Reason, Note? Note) : CaseCommand(Id, Actor, Note);

    internal sealed record Pause(ByteString Id, Actor Actor, string Clock, string Reason, Note? Note) : CaseCommand(Id, Actor, Note);

    internal sealed record Resume(ByteString Id, Actor Actor, string Clock, Note? Note) : CaseCommand(Id, Actor, Note);

    /// <summary>
    /// An outcome. <paramref name="Stated"/> holds what the outcome asks for; <paramref name="LimitFor"/> gives the actor's limit for a currency (null = the amount is unknown);
    /// <paramref name="GrantedMinor"/> is what other claims of a claim's shipment have been granted now.
    /// </summary>
    internal sealed record Decide(ByteString Id, Actor Actor, string Outcome, Stated Stated, Func<string?, Published.AuthorityLimit> LimitFor, string Reason, Note? Note, long GrantedMinor = 0) : CaseCommand(Id, Actor, Note);

    /// <summary>Somebody had the product look at the facts again; what it found stands in entries of its own.</summary>
    internal sealed record LookedAgain(ByteString Id, Actor Actor, Note? Note) : CaseCommand(Id, Actor, Note);

    internal sealed record Reopen(ByteString Id, Actor Actor, string Reason, Note? Note) : CaseCommand(Id, Actor, Note);
}

/// <summary>What comes with a decision: an amount, or a weight with its charge.</summary>
internal sealed record Stated(Money? Amount, long BillsMg, Charge? Charge);
