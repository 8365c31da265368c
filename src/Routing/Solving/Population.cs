namespace KeyAccountLogistics.Routing.Solving;

/// <summary>A few good plans, no two of the same cost. A newcomer takes the worst one's place.</summary>
internal sealed class Population(int size)
{
    private readonly List<Found> _plans = new(size);

    public int Count => _plans.Count;

    /// <summary>Takes a plan in, if there is room or it is better than the worst, and none is like it.</summary>
    public void Join(Found plan)
    {
        if (_plans.Exists(other => other.Missing == plan.Missing && other.Cost == plan.Cost)) return;
        if (_plans.Count < size)
        {
            _plans.Add(plan);
            return;
        }
        var worst = 0;
        for (var at = 1; at < _plans.Count; at++)
        {
            if (_plans[worst].IsBetterThan(_plans[at])) worst = at;
        }
        if (plan.IsBetterThan(_plans[worst])) _plans[worst] = plan;
    }

    /// <summary>Two different plans, the first the better of two drawn. There are at least two.</summary>
    public (Found Mother, Found Father) Parents(Dice dice)
    {
        var (one, other) = (dice.Below(_plans.Count), dice.Below(_plans.Count));
        var mother = _plans[one].IsBetterThan(_plans[other]) ? one : other;
        var father = dice.Below(_plans.Count - 1);
        return (_plans[mother], _plans[father >= mother ? father + 1 : father]);
    }
}
