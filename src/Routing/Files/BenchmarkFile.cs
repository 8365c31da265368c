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
                if (number == 1) name = words[0];
                continue;
            }
            if (head is null) head = values.Length is 2 or 3 ? values : throw new ProblemException($"Line {number} has {values.Length} numbers; the first row of numbers is vehicles and capacity, or vehicles, capacity and speed.");
            else nodes.Add(Node(values, head.Length == 3, nodes.Count, number));
        }
        if (head is null || nodes.Count < 2) throw new ProblemException($"The file holds no instance: vehicles and capacity, then a row for the depot and one for each customer.");
        if (nodes.Count - 1 > ProblemLimits.StopsMax) throw new ProblemException($"The file has {nodes.Count - 1} customers; at most {ProblemLimits.StopsMax} can be planned.");
        if (head[0] is not (>= 1 and <= ProblemLimits.VehiclesMax) || head[1] is not (>= 0 and <= int.MaxValue)) throw new ProblemException($"The file has {head[0]} vehicles of capacity {head[1]}, out of range.");
        return new BenchmarkFile(name, (int)head[0], head[1], nodes, head.Length == 3);
    }

    /// <summary>Distance, and time, of a leg.</summary>
    public double Distance(int from, int to) => Math.Sqrt(((Nodes[from].X - Nodes[to].X) * (Nodes[from].X - Nodes[to].X)) + ((Nodes[from].Y - Nodes[to].Y) * (Nodes[from].Y - Nodes[to].Y)));

    /// <summary>
    /// The problem in whole numbers: a unit is a millionth (coarser only where legs would be out of range), legs and services are rounded up and windows inwards, so that what is
    /// feasible in whole numbers is feasible in real ones. Stop i is node i + 1.
    /// </summary>
    public RoutingProblem ToProblem()
    {
        var longest = 0.0;
        for (var from = 0; from < Nodes.Count; from++)
        {
            for (var to = 0; to < from; to++) longest = Math.Max(longest, Distance(from, to));
        }
        var scale = ScaleMax;
        while (longest * scale > ProblemLimits.LegMax) scale /= 10;
        // An exact whole leg stays whole: the error of a square root is below half of what is taken off here.
        var travel = TravelMatrix.From(Nodes.Count, (from, to) => (int)Math.Ceiling((Distance(from, to) * scale) - 1e-3));
        var vehicle = new Vehicle { Id = "", StartPlace = 0, EndPlace = 0, Shift = Window(Nodes[0], scale), Capacities = [(long)Math.Floor(Capacity)] };
        return new RoutingProblem
        {
            Travel = travel,
            Capacities = 1,
            Stops = [.. Enumerable.Range(1, Nodes.Count - 1).Select(node => StopOf(node, scale))],
            Vehicles = [.. Enumerable.Range(1, Vehicles).Select(number => vehicle with { Id = number.ToString(CultureInfo.InvariantCulture) })],
            Shipments = !HasShipments ? [] : [.. Enumerable.Range(1, Nodes.Count - 1).Where(node => Nodes[node].Delivery > 0).Select(node => new Shipment(node - 1, Nodes[node].Delivery - 1))],
        };
    }

    private Stop StopOf(int number, double scale)
    {
        var node = Nodes[number];
        var amount = (long)Math.Ceiling(node.Demand);
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

    private static BenchmarkNode Node(double[] values, bool hasShipments, int expected, int line)
    {
        var wanted = hasShipments ? 9 : 7;
        if (values.Length != wanted) throw new ProblemException($"Line {line} has {values.Length} numbers; a row of this file has {wanted}.");
        if (values[0] != expected) throw new ProblemException($"Line {line} is of node {values[0]}; node {expected} comes next.");
        return new BenchmarkNode(values[1], values[2], values[3], values[4], values[5], values[6], hasShipments ? (int)values[7] : 0, hasShipments ? (int)values[8] : 0);
    }
}
