namespace KeyAccountLogistics.Server.AdministerPeople;

/// <summary>Wakes the open links of depots when people changed in this process; changes of other processes are seen at their next look.</summary>
internal sealed class PeopleChanged
{
    internal event Action? Changed;

    internal void Signal() => Changed?.Invoke();
}
