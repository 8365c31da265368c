using System.Globalization;
using KeyAccountLogistics.Routing.Model;

namespace KeyAccountLogistics.Routing.Files;

/// <summary>One row of a benchmark file; number 0 is the depot. For Li and Lim, <see cref="Pickup"/> and <see cref="Delivery"/> name the other half; 0: none.</summary>
public readonly record struct BenchmarkNode(double X, double Y, double Demand, double Ready, double Due, double Service, int Pickup, int Delivery);

/// <summary>
/// An instance as published by Solomon (1987), Gehring and Homberger (1999) or Li and Lim (2001): identical vehicles, Euclidean distances in real numbers, travel time equal to distance.
/// </summary>
/// <param name="Name">The instance's name: of the file's first line, or of the file.</param>
/// <param name="Vehicles">Vehicles there are.</param>
/// <param name="Capacity">Capacity of each.</param>
/// <param name="Nodes">The depot and the customers.</param>
/// <param name="HasShipments">It is of Li and Lim's kind.</param>
public sealed record BenchmarkFile(string Name, int Vehicles, double Capacity, IReadOnlyList<BenchmarkNode> Nodes, bool HasShipments)
{
    private const double ScaleMax = 1_000_000;

    // Published instances lie within a few hundred; a leg across this square still fits a whole number.
    private const double CoordinateMax = 100_000_000;

    /// <summary>Reads an instance; which of the two formats it is, its first row of numbers says (two numbers, or three).</summary>
    /// <exception cref="ProblemException">It is neither; the message names the line.</exception>
    public static BenchmarkFile Parse(string text, string nameOtherwise)
    {
        ArgumentNullException.ThrowIfNull(text);
        var name = nameOtherwise;
        double[]? head = null;
        var nodes = new List<BenchmarkNode>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0) continue;
            var values = Array.ConvertAll(words, word => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : double.NaN);
            if (Array.Exists(values, double.IsNaN))
            {
                // Text stands over the rows. Among them a misread customer would be lost without a word.
                if (head is not null && LooksLikeNumber(words[0])) throw new ProblemException($"Line {number} holds \"{words[Array.FindIndex(values, double.IsNaN)]}\", which is no number.");
                if (number == 1) name = words[0];
                continue;
            }
            if (head is null) head = values.Length is 2 or 3 ? values : throw new ProblemException($"Line {number} has {values.Length} numbers; the first row of numbers is vehicles and capacity, or vehicles, capacity and speed.");
            else nodes.Add(Node(values, head.Length == 3, nodes.Count, number));
        }
        if (head is null || nodes.Count < 2) throw new ProblemException($"The file holds no instance: vehicles and capacity, then a row for the depot and one for each customer.");
        if (nodes.Count - 1 > ProblemLimits.StopsMax) throw new ProblemException($"The file has {nodes.Count - 1} customers; at most {ProblemLimits.StopsMax} can be planned.");
        if (head[0] is not (>= 1 and <= ProblemLimits.VehiclesMax) || head[0] % 1 != 0 || head[1] is not (>= 0 and <= int.MaxValue)) throw new ProblemException($"The file has {head[0]} vehicles of capacity {head[1]}, out of range.");
        return new BenchmarkFile(name, (int)head[0], head[1], nodes, head.Length == 3);
    }

    /// <summary>Distance, and time, of a leg.</summary>
    public double Distance(int from, int to) => Math.Sqrt(((Nodes[from].X - Nodes[to].X) * (Nodes[from].X - Nodes[to].X)) + ((Nodes[from].Y - Nodes[to].Y) * (Nodes[from].Y - Nodes[to].Y)));

    /// <summary>
    /// The problem in whole numbers: a unit is a millionth (coarser only where legs would be out of range), legs and services are rounded up and windows inwards, so that what is
    /// feasible in whole numbers is feasible in real ones. Amounts with decimals are counted in tenths, hundredths and so on, exactly. Stop i is node i + 1.
    /// </summary>
    /// <exception cref="ProblemException">A time or an amount is out of range; the message has the file's figures.</exception>
    public RoutingProblem ToProblem()
    {
        var longest = 0.0;
        for (var from = 0; from < Nodes.Count; from++)
        {
            for (var to = 0; to < from; to++) longest = Math.Max(longest, Distance(from, to));
        }
        var scale = ScaleMax;
        while (longest * scale > ProblemLimits.LegMax) scale /= 10;
        for (var node = 0; node < Nodes.Count; node++) CheckTimes(node, scale);
        var parts = PartsOfAmounts();
        // An exact whole leg stays whole: the error of a square root is below half of what is taken off here.
        var travel = TravelMatrix.From(Nodes.Count, (from, to) => (int)Math.Ceiling((Distance(from, to) * scale) - 1e-3));
        var vehicle = new Vehicle { Id = "", StartPlace = 0, EndPlace = 0, Shift = Window(Nodes[0], scale), Capacities = [(long)Math.Round(Capacity * parts)] };
        return new RoutingProblem
        {
            Travel = travel,
            Capacities = 1,
            Stops = [.. Enumerable.Range(1, Nodes.Count - 1).Select(node => StopOf(node, scale, parts))],
            Vehicles = [.. Enumerable.Range(1, Vehicles).Select(number => vehicle with { Id = number.ToString(CultureInfo.InvariantCulture) })],
            Shipments = !HasShipments ? [] : [.. Enumerable.Range(1, Nodes.Count - 1).Where(node => Nodes[node].Delivery > 0).Select(node => new Shipment(node - 1, Nodes[node].Delivery - 1))],
        };
    }

    private Stop StopOf(int number, double scale, double parts)
    {
        var node = Nodes[number];
        var amount = (long)Math.Round(node.Demand * parts);
        return new Stop
        {
            Id = number.ToString(CultureInfo.InvariantCulture),
            Place = number,
            Service = (long)Math.Ceiling(node.Service * scale),
            Windows = [Window(node, scale)],
            Delivered = HasShipments ? [] : [amount],
            Collected = HasShipments && node.Delivery > 0 ? [amount] : [],
        };
    }

    private static TimeWindow Window(BenchmarkNode node, double scale) => new((long)Math.Ceiling(node.Ready * scale), (long)Math.Floor(node.Due * scale));

    private void CheckTimes(int number, double scale)
    {
        var (node, limit) = (Nodes[number], ProblemLimits.ValueMax / scale);
        if (Math.Abs(node.Ready) > limit || Math.Abs(node.Due) > limit || node.Service < 0 || node.Service > limit)
            throw new ProblemException($"Node {number} has ready time {node.Ready}, due date {node.Due} and service time {node.Service}; times of this file are at most {Math.Floor(limit)}, and a service time is not negative.");
        var window = Window(node, scale);
        if (window.Latest < window.Earliest) throw new ProblemException($"Node {number} has ready time {node.Ready} after, or within less than a unit of, its due date {node.Due}.");
    }

    /// <summary>In how many parts the file's unit of amounts is counted so that all of them are whole: 1, 10, up to a million.</summary>
    private double PartsOfAmounts()
    {
        var amounts = Nodes.Select(node => node.Demand).Append(Capacity).ToList();
        var parts = 1.0;
        while (parts < ScaleMax && amounts.Exists(amount => !IsWhole(amount * parts))) parts *= 10;
        if (amounts.Find(amount => !IsWhole(amount * parts)) is not 0 and var tooFine) throw new ProblemException($"A capacity or demand of {tooFine} has more than six decimals.");
        var most = amounts.Max(amount => Math.Abs(amount));
        return most * parts <= ProblemLimits.ValueMax ? parts : throw new ProblemException($"A capacity or demand of {most} is out of range; with the decimals of this file it is at most {Math.Floor(ProblemLimits.ValueMax / parts)}.");
    }

    // A decimal fraction times a power of ten is off by some last bits.
    private static bool IsWhole(double value) => Math.Abs(value - Math.Round(value)) <= 1e-12 * Math.Max(1, Math.Abs(value));

    private static bool LooksLikeNumber(string word) => char.IsAsciiDigit(word[0]) || word[0] is '-' or '+' or '.';

    private static BenchmarkNode Node(double[] values, bool hasShipments, int expected, int line)
    {
        var wanted = hasShipments ? 9 : 7;
        if (values.Length != wanted) throw new ProblemException($"Line {line} has {values.Length} numbers; a row of this file has {wanted}.");
        if (values[0] != expected) throw new ProblemException($"Line {line} is of node {values[0]}; node {expected} comes next.");
        if (Math.Abs(values[1]) > CoordinateMax || Math.Abs(values[2]) > CoordinateMax) throw new ProblemException($"Line {line} lies at {values[1]}, {values[2]}; coordinates are at most {CoordinateMax}.");
        return new BenchmarkNode(values[1], values[2], values[3], values[4], values[5], values[6], hasShipments ? (int)values[7] : 0, hasShipments ? (int)values[8] : 0);
    }
}
