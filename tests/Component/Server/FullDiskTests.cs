using Grpc.Core;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.Api.Identity.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Files;
using KeyAccountLogistics.TestKit.Hosting;

namespace KeyAccountLogistics.Component.Server;

public sealed class FullDiskTests
{
    [RequiresProgramFact(SmallDisk.Requirement)]
    public async Task Depots_and_people_hear_that_the_disk_is_full_and_everything_goes_in_when_there_is_room()
    {
        // Smaller than what must stay free, so that nothing is taken into the journal from the beginning.
        using var disk = SmallDisk.Mount(48);
        await using var database = await TestDatabase.CreateAsync(Engine.Sqlite, directory: Path.Combine(disk.Path, "db"));
        await using var backend = await BackendFixture.StartAsync(Engine.Sqlite, database: database);
        foreach (var part in (string[])["disk is full", "Microsoft.EntityFrameworkCore"]) backend.Log.ExpectError(part);
        using var agent = await backend.EnrolAsync();
        using (var link = await LinkClient.OpenAsync(agent))
        {
            await link.SendScansAsync(1, 50, backend.Time);
            var (goodbye, status) = await link.EndAsync();
            (goodbye.ShouldNotBeNull().Code, status.StatusCode).ShouldBe(("refused", StatusCode.ResourceExhausted));
            goodbye.Message.ShouldContain("disk is full");
        }

        disk.Fill();
        var people = new People.PeopleClient(await backend.AsAdministratorAsync());
        var made = 0;
        // Some still find a place in pages that the files have already.
        var refused = await Should.ThrowAsync<RpcException>(async () =>
        {
            for (; made < 2_000; made++) await people.CreateAsync(Person(made));
        });
        refused.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        refused.Status.Detail.ShouldContain("disk is full");

        disk.Resize(1_024);
        backend.Time.Advance(TimeSpan.FromSeconds(2));   // the free space is looked at once a second
        await people.CreateAsync(Person(made));
        using var again = await LinkClient.OpenAsync(agent);
        await again.SendScansAsync(1, 50, backend.Time);
        await again.AcknowledgedUpToAsync(50);
        (await backend.Database.ScalarAsync("SELECT COUNT(*) FROM journal_event")).ShouldBe(50);
        (await backend.Database.ScalarAsync("SELECT COUNT(*) FROM identity_person WHERE name LIKE 'made.%'")).ShouldBe(made + 1);
    }

    private static CreatePersonRequest Person(int number) => new()
    {
        CommandId = BackendFixture.NewCommandId(), Name = $"made.{number}", DisplayName = $"Made {number}", Password = BackendFixture.Password,
        Roles = { Roles.Auditor }, Accounts = { "*" }, Depots = { "*" }, Language = "en",
    };
}
