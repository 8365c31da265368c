using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Cli.Demo;

/// <summary>What is special about a demonstration's parcel.</summary>
internal enum ParcelStory
{
    /// <summary>Weighs what was declared, give or take a scale step.</summary>
    Fine,

    /// <summary>Weighs more than declared, so that the bill changes.</summary>
    Overweight,

    /// <summary>Weighs less than declared.</summary>
    Light,

    /// <summary>Insured: seal, packaging, weight at every handover.</summary>
    Insured,

    /// <summary>Goods money is collected at the door.</summary>
    Cod,

    /// <summary>Weighs less than its courier handed on: held.</summary>
    Lightened,

    /// <summary>Scanned a second time.</summary>
    Duplicate,

    /// <summary>A code nobody registered.</summary>
    Unknown,

    /// <summary>Its label has fallen off.</summary>
    Unlabelled,
}

/// <summary>A parcel of the demonstration: what its shipment says, and what really stands on the scale.</summary>
internal sealed record DemoParcel(string Code, string Account, string Product, ParcelStory Story, Mass? Declared, Mass Actual)
{
    /// <summary>False for what the backend learns of by its events only.</summary>
    public bool IsRegistered => Story is not (ParcelStory.Unknown or ParcelStory.Unlabelled or ParcelStory.Duplicate);

    public string Destination { get; init; } = "310000";

    public long DeclaredValueMinor { get; init; }

    public long CodMinor { get; init; }

    public long FreightCollectMinor { get; init; }

    public bool Fragile { get; init; }

    public string Seal { get; init; } = "";

    /// <summary>What the courier weighed at the client's door; null when he did not.</summary>
    public Mass? PickedUp { get; init; }
}
