using KeyAccountLogistics.TestKit;

namespace KeyAccountLogistics.Component.GrpcWire;

/// <summary>The attribute that skips tests whose machine lacks something.</summary>
public sealed class RequiresTests
{
    [Fact]
    public void What_is_there_is_not_missing()
    {
        Requires.Missing("sh", "/dev/null").ShouldBeNull();
        new RequiresProgramFactAttribute("sh").Skip.ShouldBeNull();
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        Requires.Missing("sh", "no-such-program", "/no/such/file").ShouldNotBeNull().ShouldSatisfyAllConditions(
            reason => reason.ShouldContain("no-such-program is not installed"),
            reason => reason.ShouldContain("/no/such/file does not exist"));
        new RequiresProgramTheoryAttribute("no-such-program").Skip.ShouldNotBeNull();
        Requires.Missing("python3:no_such_module").ShouldNotBeNull();
    }
}
