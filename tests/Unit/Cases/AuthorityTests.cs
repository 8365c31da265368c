using System.Collections.Immutable;
using KeyAccountLogistics.Api.Access.V1;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Cases.Published;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;
using Side = KeyAccountLogistics.Api.Cases.V1.Side;

namespace KeyAccountLogistics.Unit.Cases;

/// <summary>SEED-03-AUTH: whose limit is what, and who stands on which side.</summary>
public sealed class AuthorityTests
{
    [Fact]
    public void A_limit_covers_its_amount_in_its_currency_and_no_unknown_one()
    {
        var limit = AuthorityLimit.Of(new Money(200_00, "CNY"));
        limit.Covers(new Money(200_00, "CNY")).ShouldBeTrue();
        limit.Covers(new Money(200_01, "CNY")).ShouldBeFalse();
        limit.Covers(new Money(1, "EUR")).ShouldBeFalse();
        limit.Covers(null).ShouldBeFalse("an unknown amount is no small one");
        AuthorityLimit.None.Covers(new Money(0, "EUR")).ShouldBeTrue();
        AuthorityLimit.None.Covers(new Money(1, "CNY")).ShouldBeFalse();
        AuthorityLimit.Unlimited.Covers(null).ShouldBeTrue();
        Should.Throw<ArgumentOutOfRangeException>(() => AuthorityLimit.Of(new Money(-1, "CNY")));
    }

    [Fact]
    public void Of_several_roles_the_largest_limit_counts_and_an_unnamed_role_has_none()
    {
        var options = new CaseAuthority(ImmutableDictionary.CreateRange(StringComparer.Ordinal,
        [
            KeyValuePair.Create("CustomerService", AuthorityLimit.Of(new Money(50_00, "CNY"))), KeyValuePair.Create("KeyAccountManager", AuthorityLimit.Of(new Money(200_00, "CNY"))),
            KeyValuePair.Create("Finance", AuthorityLimit.Of(new Money(2_000_00, "CNY"))), KeyValuePair.Create("SalesManager", AuthorityLimit.Unlimited),
        ]));
        options.LimitOf(["CustomerService", "Finance", "KeyAccountManager"], "CNY").UpTo.ShouldBe(new Money(2_000_00, "CNY"));
        options.LimitOf(["Finance", "SalesManager"], "CNY").IsUnlimited.ShouldBeTrue();
        options.LimitOf(["Administrator", "Courier"], "CNY").ShouldBe(AuthorityLimit.None);
        options.LimitOf([], null).ShouldBe(AuthorityLimit.None);
        options.LimitOf(["Finance"], "EUR").ShouldBe(AuthorityLimit.None);
    }

    [Fact]
    public void A_clients_key_is_the_client_whatever_it_was_given_and_who_works_on_cases_is_the_carrier()
    {
        SideOf(CallerKind.ApiKey, Permission.CaseRead).ShouldBe(Side.Client);
        SideOf(CallerKind.Person, Permission.CaseRead, Permission.CaseAnswer).ShouldBe(Side.Client);
        SideOf(CallerKind.Person, Permission.CaseRead).ShouldBe(Side.Carrier);
        SideOf(CallerKind.Person, Permission.CaseAnswer, Permission.CaseDecide).ShouldBe(Side.Carrier);
        // The person at the machine may everything and is not the product itself.
        SideOf(CallerKind.System, Enum.GetValues<Permission>()).ShouldBe(Side.Carrier);
        Actor.Of(Caller.System).Side.ShouldBe(Side.Product);

        static Side SideOf(CallerKind kind, params Permission[] permissions) => Actor.Of(new Caller("x", kind, permissions.ToHashSet(), null, null)).Side;
    }
}
