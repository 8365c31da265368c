using KeyAccountLogistics.Routing.Model;

namespace KeyAccountLogistics.Unit.Routing;

/// <summary>Distances that are better than straight lines: factors learned from driven legs, and a road network's answer.</summary>
public sealed class LearnedTravelTests
{
    private static readonly (double Longitude, double Latitude)[] Places = [(116.0, 40.0), (116.0, 40.1), (116.1, 40.0)];

    [Fact]
    public void An_area_with_many_legs_has_its_own_ratio_and_one_with_few_nearly_the_overall_one()
    {
        var legs = Legs("hills", 980, 1_000, 2_000).Concat(Legs("town", 1_000, 1_000, 1_200)).Concat(Legs("new", 1, 1_000, 3_000)).ToList();
        var detour = LearnedDetour.From(legs);
        detour.Overall.ShouldBe(((980 * 2.0) + (1_000 * 1.2) + 3 + (20 * 1.3)) / 2_001, tolerance: 1e-9);
        detour.Of("hills").ShouldBe(2.0, tolerance: 0.02);
        detour.Of("town").ShouldBe(1.2, tolerance: 0.02);
        detour.Of("new").ShouldBe(((1 * 3) + (20 * detour.Overall)) / 21, tolerance: 1e-9);
        detour.Of("unknown").ShouldBe(detour.Overall);
        detour.Of(null).ShouldBe(detour.Overall);
    }

    [Fact]
    public void Long_legs_count_more() => LearnedDetour.From(Legs("a", 1_000, 1_000, 2_000).Concat(Legs("a", 1_000, 9_000, 9_000))).Of("a").ShouldBe(1.1, tolerance: 0.01);

    [Theory]
    [InlineData(1_000, 999)]
    [InlineData(1_000, 5_001)]
    [InlineData(99, 120)]
    [InlineData(-1_000, -1_200)]
    [InlineData(double.NaN, 1_200)]
    [InlineData(1_000, double.NaN)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    public void What_was_measured_wrongly_is_left_out(double straight, double driven)
    {
        var detour = LearnedDetour.From([new DrivenLeg("a", straight, driven)], otherwise: 1.4);
        (detour.Overall, detour.Of("a")).ShouldBe((1.4, 1.4));
    }

    [Fact]
    public void Factors_stay_between_1_and_3()
    {
        var detour = LearnedDetour.From(Legs("a", 500, 1_000, 4_900));
        (detour.Overall, detour.Of("a")).ShouldBe((3.0, 3.0));
        Should.Throw<ProblemException>(() => LearnedDetour.From([], otherwise: 0.9));
    }

    [Fact]
    public void A_leg_takes_the_mean_of_its_ends_areas()
    {
        var detour = LearnedDetour.From(Legs("hills", 1_000, 1_000, 2_000).Concat(Legs("town", 1_000, 1_000, 1_000)));
        var straight = TravelMatrix.FromCoordinates(Places, 1, 10);
        var learned = TravelMatrix.FromCoordinates(Places, ["hills", "town", null], detour, 10);
        ((double)learned.Distance(0, 1)).ShouldBe(straight.Distance(0, 1) * (detour.Of("hills") + detour.Of("town")) / 2, tolerance: 2);
        ((double)learned.Distance(1, 2)).ShouldBe(straight.Distance(1, 2) * (detour.Of("town") + detour.Overall) / 2, tolerance: 2);
        Should.Throw<ProblemException>(() => TravelMatrix.FromCoordinates(Places, ["hills"], detour, 10));
    }

    [Fact]
    public void A_factor_for_each_leg_is_taken_and_one_out_of_range_refused()
    {
        var oneWay = TravelMatrix.FromCoordinates(Places, (from, to) => from < to ? 1 : 2, 10);
        oneWay.Distance(1, 0).ShouldBeInRange((2 * oneWay.Distance(0, 1)) - 1, (2 * oneWay.Distance(0, 1)) + 1);
        Should.Throw<ProblemException>(() => TravelMatrix.FromCoordinates(Places, (_, _) => double.NaN, 10));
        Should.Throw<ProblemException>(() => TravelMatrix.FromCoordinates(Places, 0.5, 10));
    }

    [Fact]
    public void A_road_networks_answer_becomes_a_matrix()
    {
        var travel = TravelMatrix.OfRoads(2, new RoadTable([[5.0, 120.4], [null, 0.0]], [[5.0, 10.2], [null, 0.0]]));
        (travel.Distance(0, 0), travel.Distance(0, 1), travel.Time(0, 1)).ShouldBe((0, 121, 11));
        (travel.Distance(1, 0), travel.Time(1, 0)).ShouldBe((TravelMatrix.Forbidden, TravelMatrix.Forbidden));
    }

    [Fact]
    public void A_leg_without_a_way_is_not_driven()
    {
        // There is a way from the depot to the first stop and none back; the second is on the way home.
        var metres = new double?[][] { [0, 10, 10], [null, 0, 10], [10, null, 0] };
        var problem = new RoutingProblem
        {
            Travel = TravelMatrix.OfRoads(3, new RoadTable(metres, metres)),
            Stops = [Small.At(1), Small.At(2)],
            Vehicles = [Small.Van],
        };
        Small.StopsOf(Small.Solve(problem), 0).ShouldBe([0, 1]);
        Small.Solve(problem with { Stops = [Small.At(1)] }).Unserved.ShouldBe([0]);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e12)]
    public void A_leg_that_cannot_be_is_refused(double leg) =>
        Should.Throw<RoadNetworkException>(() => TravelMatrix.OfRoads(2, new RoadTable([[0, leg], [1, 0]], [[0, 1], [1, 0]])));

    [Fact]
    public void An_answer_of_another_shape_is_refused()
    {
        RoadTable two = new([[0, 1], [1, 0]], [[0, 1], [1, 0]]);
        Should.Throw<RoadNetworkException>(() => TravelMatrix.OfRoads(3, two));
        Should.Throw<RoadNetworkException>(() => TravelMatrix.OfRoads(2, two with { Seconds = [[0, 1], [1]] }));
        Should.Throw<RoadNetworkException>(() => TravelMatrix.OfRoads(2, two with { Seconds = [[0, null], [1, 0]] })).Message.ShouldContain("From place 0 to place 1");
    }

    private static IEnumerable<DrivenLeg> Legs(string area, int count, double straight, double driven) => Enumerable.Repeat(new DrivenLeg(area, straight, driven), count);
}
