using NodaTime;

namespace KeyAccountLogistics.Simulation.World;

/// <summary>A courier of the day: the phones he has had, the money in his pouch, and what his phone and he know to be on record.</summary>
internal sealed class SimCourier(int index, string name, string id, ulong seed)
{
    internal int Index { get; } = index;

    internal string Name { get; } = name;

    internal string Id { get; } = id;

    internal Draw Draw { get; } = new(seed, name);

    internal Draw Network { get; } = new(seed, name + " network");

    internal List<Phone> Phones { get; } = [];

    internal Phone Phone => Phones[^1];

    /// <summary>Real cash, in fen.</summary>
    internal long Pouch { get; set; }

    /// <summary>What is missing from it when it is counted (above 0), or over.</summary>
    internal long Missing { get; set; }

    /// <summary>The number of his run sheet.</summary>
    internal string Sheet { get; set; } = "";

    internal string Vehicle => "V-" + Name;

    internal Instant OfflineUntil { get; set; }

    internal Instant BadNetworkUntil { get; set; }

    internal bool DiesAtNextDoor { get; set; }

    /// <summary>What is on record, or on its way there, by subject and step.</summary>
    internal Dictionary<(string Subject, string Key), PhoneFact> OnRecord { get; } = [];
}
