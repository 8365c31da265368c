using KeyAccountLogistics.Api.Identity.V1;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Component.Server;

public sealed class ConfirmIdentityTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_second_party_confirms_with_badge_or_PIN_at_its_own_depot_and_five_wrong_PINs_lock(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var courier = backend.People[Roles.Courier];
        var name = BackendFixture.NameOf(Roles.Courier);
        await new People.PeopleClient(await backend.AsAdministratorAsync()).SetCredentialsAsync(new SetCredentialsRequest { Person = courier, Badge = "B-0042" });
        async Task<string> ConfirmAsync(string nameOrBadge, string pin, string? depot = BackendFixture.Depot)
        {
            await using var scope = backend.Host.Services.CreateScopeAs(KeyAccountLogistics.Journal.Access.Caller.System);
            var outcome = await scope.ServiceProvider.GetRequiredService<IConfirmIdentity>().ConfirmAsync(nameOrBadge, pin, depot);
            return outcome.Match(id => id, fault => fault.Code);
        }
        (await ConfirmAsync(name, BackendFixture.Pin)).ShouldBe(courier);
        (await ConfirmAsync("B-0042", BackendFixture.Pin)).ShouldBe(courier);
        (await ConfirmAsync("B-0042", "")).ShouldBe(courier, "the badge itself was presented");
        (await ConfirmAsync("B-0042", BackendFixture.Pin, depot: null)).ShouldBe(courier);
        (await ConfirmAsync(name, "")).ShouldBe("confirmation.refused", "a name alone proves nothing");
        (await ConfirmAsync(name, BackendFixture.Pin, "PEK02")).ShouldBe("confirmation.refused");
        (await ConfirmAsync("B-9999", BackendFixture.Pin)).ShouldBe("confirmation.refused");
        (await ConfirmAsync(" ", BackendFixture.Pin)).ShouldBe("confirmation.nobody");
        (await ConfirmAsync(name, BackendFixture.Pin)).ShouldBe(courier);
        for (var i = 0; i < 5; i++) (await ConfirmAsync(name, "000001")).ShouldBe("confirmation.refused");
        (await ConfirmAsync(name, BackendFixture.Pin)).ShouldBe("confirmation.refused", "locked");
    }
}
