using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.Cli.Routing;
using KeyAccountLogistics.Routing.Checking;
using KeyAccountLogistics.Routing.Files;
using KeyAccountLogistics.Routing.Model;
using KeyAccountLogistics.Routing.Solving;

namespace KeyAccountLogistics.Unit.Routing;

/// <summary>Files of the published formats, and routes for them judged in real numbers.</summary>
public sealed class BenchmarkFileTests
{
    // Four customers at the corners of a square round the depot; 3 closes early.
    private const string Solomon = """
        square

        VEHICLE
        NUMBER     CAPACITY
          2         10

        CUSTOMER
        CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME   DUE DATE   SERVICE TIME

            0       0         0          0         0        100          0
            1       3         4          3         0        100          1
            2       3        -4          3         0        100          1
            3      -3         4          3         0          5          1
            4      -3        -4          3         0        100          1
        """;

    private const string LiLim = "2\t10\t1\n0\t0\t0\t0\t0\t100\t0\t0\t0\n1\t3\t4\t7\t0\t100\t1\t0\t2\n2\t6\t8\t-7\t0\t100\t1\t1\t0\n3\t0\t5\t7\t0\t100\t1\t0\t4\n4\t0\t9\t-7\t0\t100\t1\t3\t0\n";

    private static BenchmarkFile Square { get; } = BenchmarkFile.Parse(Solomon, "file");

    [Fact]
    public void A_file_of_Solomons_format_is_read()
    {
        (Square.Name, Square.Vehicles, Square.Capacity, Square.Nodes.Count, Square.HasShipments).ShouldBe(("square", 2, 10.0, 5, false));
        Square.Nodes[3].ShouldBe(new BenchmarkNode(-3, 4, 3, 0, 5, 1, 0, 0));
        Square.Distance(0, 1).ShouldBe(5);
    }

    [Fact]
    public void A_file_of_Li_and_Lims_format_is_read()
    {
        var file = BenchmarkFile.Parse(LiLim, "pairs");
        (file.Name, file.HasShipments).ShouldBe(("pairs", true));
        file.ToProblem().Shipments.ShouldBe([new Shipment(0, 1), new Shipment(2, 3)]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("name\n1 2 3 4\n")]
    [InlineData("name\n2 10\n0 0 0 0 0 100\n")]
    [InlineData("name\n2 10\n0 0 0 0 0 100 0\n2 0 0 0 0 100 0\n")]
    [InlineData("name\n0 10\n0 0 0 0 0 100 0\n1 0 0 0 0 100 0\n")]
    public void What_is_no_instance_is_refused(string text) => Should.Throw<ProblemException>(() => BenchmarkFile.Parse(text, "file"));

    [Theory]
    [InlineData("1 3 4 3 0 1OO 1", "1OO")]
    [InlineData("1O 3 4 3 0 100 1", "1O")]
    [InlineData("1 3 4 3 0 1e999 1", "1e999")]
    public void A_misread_customer_is_not_passed_over(string row, string word) =>
        Should.Throw<ProblemException>(() => BenchmarkFile.Parse("name\n2 10\n0 0 0 0 0 100 0\n1 0 0 0 0 100 0\n" + row, "file")).Message.ShouldBe($"Line 5 holds \"{word}\", which is no number.");

    [Fact]
    public void Places_beyond_reason_are_refused_with_their_line() =>
        Should.Throw<ProblemException>(() => BenchmarkFile.Parse("name\n2 10\n0 0 0 0 0 100 0\n1 1e200 0 0 0 100 0\n", "file")).Message.ShouldStartWith("Line 4 lies at 1E+200, 0; ");

    [Fact]
    public void Amounts_with_decimals_are_counted_exactly()
    {
        var problem = BenchmarkFile.Parse("name\n2 10.5\n0 0 0 0 0 100 0\n1 1 0 0.25 0 100 0\n2 2 0 3 0 100 0\n", "file").ToProblem();
        problem.Vehicles[0].Capacities.ShouldBe([1_050]);
        problem.Stops.Select(stop => stop.Delivered[0]).ShouldBe([25, 300]);
        var fine = BenchmarkFile.Parse("name\n2 10\n0 0 0 0 0 100 0\n1 1 0 0.12345678 0 100 0\n", "file");
        Should.Throw<ProblemException>(() => fine.ToProblem()).Message.ShouldContain("0.12345678");
    }

    [Fact]
    public void Times_out_of_range_are_refused_in_the_files_figures()
    {
        var file = BenchmarkFile.Parse("name\n2 10\n0 0 0 0 0 5000000 0\n1 1 0 1 0 100 0\n", "file");
        Should.Throw<ProblemException>(() => file.ToProblem()).Message.ShouldBe("Node 0 has ready time 0, due date 5000000 and service time 0; times of this file are at most 4398046, and a service time is not negative.");
        var turned = BenchmarkFile.Parse("name\n2 10\n0 0 0 0 0 100 0\n1 1 0 1 20 10 0\n", "file");
        Should.Throw<ProblemException>(() => turned.ToProblem()).Message.ShouldStartWith("Node 1 has ready time 20 after");
    }

    [Fact]
    public void Whole_numbers_are_never_more_lenient_than_real_ones()
    {
        var problem = BenchmarkFile.Parse(Solomon.Replace("  3        -4", "  1         1", StringComparison.Ordinal), "file").ToProblem();
        problem.Travel.Distance(0, 1).ShouldBe(5_000_000);
        problem.Travel.Distance(0, 2).ShouldBe(1_414_214);
        problem.Stops[2].Windows.ShouldBe([new TimeWindow(0, 5_000_000)]);
    }

    [Fact]
    public void Routes_that_keep_every_rule_pass_with_their_distance()
    {
        var result = BenchmarkChecker.Check(Square, [[3, 4], [1, 2]]);
        result.Violation.ShouldBeNull();
        (result.Vehicles, result.Distance).ShouldBe((2, 36.0));
    }

    [Fact]
    public void Two_stops_swapped_where_that_breaks_a_window_are_found()
    {
        var violation = BenchmarkChecker.Check(Square, [[4, 3], [1, 2]]).Violation!;
        violation.Kind.ShouldBe(ViolationKind.OutsideWindow);
        violation.Message.ShouldBe("Route 1 is at node 3 at 14, after 5.");
    }

    [Fact]
    public void Each_way_to_be_wrong_has_its_name()
    {
        Kind(Square, [3, 4, 1, 2]).ShouldBe(ViolationKind.OverCapacity);
        Kind(Square, [3, 4], [1]).ShouldBe(ViolationKind.MandatoryStopUnserved);
        Kind(Square, [3, 4], [1, 2, 1]).ShouldBe(ViolationKind.StopServedTwice);
        Kind(Square, [3, 4], [1, 2, 5]).ShouldBe(ViolationKind.UnknownStop);
        Kind(Square, [3, 4], [1], [2]).ShouldBe(ViolationKind.UnknownVehicle);
        var pairs = BenchmarkFile.Parse(LiLim, "pairs");
        Kind(pairs, [1, 2, 3, 4]).ShouldBeNull();
        Kind(pairs, [1, 3, 2, 4]).ShouldBe(ViolationKind.OverCapacity);
        Kind(pairs, [2, 1, 3, 4]).ShouldBe(ViolationKind.DeliveredBeforePickup);
        Kind(pairs, [1], [3, 4]).ShouldBe(ViolationKind.ShipmentSplit);
    }

    [Fact]
    public void A_file_is_solved_and_the_routes_pass()
    {
        var solved = SolvedFile.Solve(Square, new SolveOptions { Iterations = 200 }, TimeProvider.System);
        solved.Checked.Violation.ShouldBeNull();
        solved.Checked.Distance.ShouldBe(32, tolerance: 1e-9);
        RouteJson.Write(solved, "distance").ShouldStartWith("""{"instance":"square","objective":"distance","vehicles":2,"distance":32,"feasible":true,"seconds":""");
        RoutesText.Parse(RouteJson.Write(solved, "distance")).ShouldBe(solved.Routes);
    }

    [Fact]
    public void A_plan_that_serves_nobody_is_read_and_judged()
    {
        var routes = RoutesText.Parse("{\"routes\":[]}");
        routes.ShouldBeEmpty();
        BenchmarkChecker.Check(Square, routes).Violation!.Message.ShouldBe("Node 1 is in no route.");
        BenchmarkChecker.Check(Square with { Nodes = [Square.Nodes[0]] }, routes).Violation.ShouldBeNull();
    }

    [Fact]
    public void Published_solutions_are_read() =>
        RoutesText.Parse("Instance: x\nRoute 1: 3 4\nRoute #2 : 1 2\nCost 36\n").ShouldBe([[3, 4], [1, 2]]);

    [Theory]
    [InlineData("")]
    [InlineData("{\"routes\":3}")]
    [InlineData("{\"routes\":[[1.5]]}")]
    [InlineData("Route 1: 3 four")]
    public void What_are_no_routes_is_refused(string text) => Should.Throw<UsageException>(() => RoutesText.Parse(text));

    private static ViolationKind? Kind(BenchmarkFile file, params int[][] routes) => BenchmarkChecker.Check(file, routes).Violation?.Kind;
}
