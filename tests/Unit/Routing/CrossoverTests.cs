using KeyAccountLogistics.Routing.Solving;

namespace KeyAccountLogistics.Unit.Routing;

/// <summary>A child has every stop at most once, whole shipments, its frozen beginnings, and no vehicle that neither is open.</summary>
public sealed class CrossoverTests
{
    [Fact]
    public void Children_of_random_plans_are_sound()
    {
        var mixed = 0;
        for (var seed = 0; seed < 600; seed++)
        {
            var problem = DrawnProblem.Draw(seed);
            if (seed % 2 == 1) problem = DrawnProblem.Later(problem, RouteSolver.Solve(problem, new SolveOptions { Iterations = 10 }, TimeProvider.System), seed);
            var of = new Instance(problem);
            var dice = new Dice((ulong)seed);
            var (mother, father) = (Plan(of, dice), Plan(of, dice));
            var isOpen = Enumerable.Range(0, of.Vehicles).Select(vehicle => mother.Routes[vehicle].Length > 0 || father.Routes[vehicle].Length > 0).ToArray();
            var child = Crossover.Of(of, mother, father, isOpen, dice);

            var stops = child.SelectMany(route => route).ToList();
            stops.Distinct().Count().ShouldBe(stops.Count);
            for (var vehicle = 0; vehicle < of.Vehicles; vehicle++)
            {
                if (!isOpen[vehicle]) child[vehicle].ShouldBeEmpty();
                child[vehicle].Take(of.Fleet[vehicle].Frozen.Count).ShouldBe(of.Fleet[vehicle].Frozen.Select(visit => visit.Stop));
                foreach (var stop in child[vehicle].Where(stop => of.UnitOf[stop] == stop && of.Second[stop] >= 0)) child[vehicle].ShouldContain(of.Second[stop]);
            }
            if (!Same(child, mother) && !Same(child, father)) mixed++;
        }
        mixed.ShouldBeGreaterThan(60);
    }

    [Fact]
    public void A_parent_without_routes_leaves_the_other_as_it_is()
    {
        var of = new Instance(DrawnProblem.Draw(3));
        var dice = new Dice(3);
        var mother = Plan(of, dice);
        var nobody = new Found([.. Enumerable.Range(0, of.Vehicles).Select(_ => Array.Empty<int>())], 0, 0);
        var isOpen = Enumerable.Repeat(true, of.Vehicles).ToArray();
        Same(Crossover.Of(of, mother, nobody, isOpen, dice), mother).ShouldBeTrue();
        Same(Crossover.Of(of, nobody, nobody, isOpen, dice), nobody).ShouldBeTrue();
    }

    private static Found Plan(Instance of, Dice dice)
    {
        var draft = new Draft(of);
        var search = new RuinAndRecreate(of, draft, dice);
        search.Complete();
        for (var turn = 0; turn < 5; turn++)
        {
            search.Try(dice.Below(of.Stops));
            draft.Keep();
        }
        return new Found(draft.Save(), draft.Missing, draft.Cost);
    }

    private static bool Same(int[][] one, Found other) => one.Zip(other.Routes).All(pair => pair.First.SequenceEqual(pair.Second));
}
