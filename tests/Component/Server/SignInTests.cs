using Grpc.Core;
using KeyAccountLogistics.Api.Identity.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;

namespace KeyAccountLogistics.Component.Server;

public sealed class SignInTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_person_signs_in_and_hears_who_she_is(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var session = await backend.SignInAsync(BackendFixture.NameOf(Roles.KeyAccountManager));
        (session.ExpiresAtUs - backend.Time.Now().ToUnixMicros()).ShouldBeLessThanOrEqualTo(15 * 60 * 1_000_000L);
        var who = await new SignIn.SignInClient(backend.With(session.AccessToken)).WhoAmIAsync(new WhoAmIRequest());
        who.ShouldBe(session.Caller);
        who.Id.ShouldBe(backend.People[Roles.KeyAccountManager]);
        who.Kind.ShouldBe("person");
        who.Roles.ShouldBe([Roles.KeyAccountManager]);
        who.Accounts.ShouldBe([BackendFixture.Account]);
        who.Depots.ShouldBe(["*"]);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_wrong_password_and_an_unknown_name_get_the_same_answers_until_both_are_locked(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var client = new SignIn.SignInClient(backend.Anonymous());
        Task<SignInReply> Try(string name, string password) => client.WithPasswordAsync(new PasswordSignInRequest { Name = name, Password = password }).ResponseAsync;
        var known = BackendFixture.NameOf(Roles.Finance);
        for (var attempt = 1; attempt <= 7; attempt++)
        {
            var wrong = await Try(known, "not the password");
            var unknown = await Try("nobody.at.all", "not the password");
            wrong.Refused.Code.ShouldBe(attempt <= 5 ? "wrong_name_or_password" : "locked");
            unknown.Refused.Code.ShouldBe(wrong.Refused.Code);
            (unknown.Refused.RetryAtUs == 0).ShouldBe(wrong.Refused.RetryAtUs == 0);
        }
        (await Try(known, BackendFixture.Password)).Refused.Code.ShouldBe("locked", "the right password does not open a lock");
        backend.Time.Advance(TimeSpan.FromSeconds(61));
        (await Try(known.ToUpperInvariant(), BackendFixture.Password)).Session.ShouldNotBeNull();
        (await Try(known, "not the password")).Refused.Code.ShouldBe("wrong_name_or_password", "the right password made the count start anew");
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_hundred_guesses_at_once_get_no_more_than_five(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var client = new SignIn.SignInClient(backend.Anonymous());
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => client.WithPasswordAsync(
            new PasswordSignInRequest { Name = BackendFixture.NameOf(Roles.Courier), Password = $"guess number {i}" }).ResponseAsync));
        answers.Count(a => a.Refused.Code == "wrong_name_or_password").ShouldBeLessThanOrEqualTo(5);
        answers.ShouldAllBe(a => a.Refused != null);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_refresh_token_counts_once_and_its_second_use_ends_the_session(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var client = new SignIn.SignInClient(backend.Anonymous());
        var first = await backend.SignInAsync(BackendFixture.NameOf(Roles.Auditor));
        var second = (await client.RefreshAsync(new RefreshRequest { RefreshToken = first.RefreshToken })).Session;
        (second.RefreshToken == first.RefreshToken).ShouldBeFalse();
        await new SignIn.SignInClient(backend.With(second.AccessToken)).WhoAmIAsync(new WhoAmIRequest());

        (await client.RefreshAsync(new RefreshRequest { RefreshToken = first.RefreshToken })).Refused.Code.ShouldBe("expired");
        (await client.RefreshAsync(new RefreshRequest { RefreshToken = second.RefreshToken })).Refused.Code.ShouldBe("expired", "whoever holds the newer token may be the thief");
        await ShouldBeEndedAsync(backend, second.AccessToken);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_refresh_whose_answer_was_lost_goes_on_when_it_is_asked_again_with_the_next_token_it_chose(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var client = new SignIn.SignInClient(backend.Anonymous());
        var first = await backend.SignInAsync(BackendFixture.NameOf(Roles.Courier));
        var (chosen, others) = (new string('a', 64), new string('b', 64));
        RefreshRequest Lost() => new() { RefreshToken = first.RefreshToken, Next = chosen };
        (await client.RefreshAsync(Lost())).Session.RefreshToken.ShouldBe(chosen);
        for (var again = 0; again < 2; again++)
        {
            var answer = (await client.RefreshAsync(Lost())).Session;
            answer.RefreshToken.ShouldBe(chosen);
            await new SignIn.SignInClient(backend.With(answer.AccessToken)).WhoAmIAsync(new WhoAmIRequest());
        }
        (await client.RefreshAsync(new RefreshRequest { RefreshToken = first.RefreshToken, Next = "short" })).Refused.Code.ShouldBe("expired");

        // Used, the next one says that the answer came; whoever asks with the old one now is another. So is who chose another next.
        var going = (await client.RefreshAsync(new RefreshRequest { RefreshToken = chosen, Next = others })).Session;
        (await client.RefreshAsync(Lost())).Refused.Code.ShouldBe("expired");
        await ShouldBeEndedAsync(backend, going.AccessToken);
        var second = await backend.SignInAsync(BackendFixture.NameOf(Roles.Courier));
        (await client.RefreshAsync(new RefreshRequest { RefreshToken = second.RefreshToken, Next = new string('c', 64) })).Session.ShouldNotBeNull();
        (await client.RefreshAsync(new RefreshRequest { RefreshToken = second.RefreshToken, Next = new string('d', 64) })).Refused.Code.ShouldBe("expired");
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Of_many_refreshes_at_once_one_wins_at_most(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var client = new SignIn.SignInClient(backend.Anonymous());
        var session = await backend.SignInAsync(BackendFixture.NameOf(Roles.Auditor));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.RefreshAsync(new RefreshRequest { RefreshToken = session.RefreshToken }).ResponseAsync));
        answers.Count(a => a.Session is not null).ShouldBe(1);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Signing_out_ends_the_access_token_at_once(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var session = await backend.SignInAsync(BackendFixture.NameOf(Roles.SalesManager));
        var client = new SignIn.SignInClient(backend.With(session.AccessToken));
        await client.WhoAmIAsync(new WhoAmIRequest());
        await client.SignOutAsync(new SignOutRequest());
        await ShouldBeEndedAsync(backend, session.AccessToken);
        (await client.RefreshAsync(new RefreshRequest { RefreshToken = session.RefreshToken })).Refused.Code.ShouldBe("expired");
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Changing_the_password_wants_the_old_one_and_ends_the_other_sessions(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var name = BackendFixture.NameOf(Roles.DepotClerk);
        var here = await backend.SignInAsync(name);
        var elsewhere = await backend.SignInAsync(name);
        var client = new SignIn.SignInClient(backend.With(here.AccessToken));
        var wrong = await Should.ThrowAsync<RpcException>(client.ChangePasswordAsync(new ChangePasswordRequest { OldPassword = "wrong", NewPassword = "another good sentence" }).ResponseAsync);
        wrong.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        var weak = await Should.ThrowAsync<RpcException>(client.ChangePasswordAsync(new ChangePasswordRequest { OldPassword = BackendFixture.Password, NewPassword = "short" }).ResponseAsync);
        weak.Status.Detail.ShouldContain("at least 10");
        weak.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations[0].Field.ShouldBe("new_password");

        await client.ChangePasswordAsync(new ChangePasswordRequest { OldPassword = BackendFixture.Password, NewPassword = "another good sentence" });
        await client.WhoAmIAsync(new WhoAmIRequest());
        await ShouldBeEndedAsync(backend, elsewhere.AccessToken);
        await backend.SignInAsync(name, "another good sentence");
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_disabled_person_is_out_at_once_and_only_the_right_password_hears_why(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var name = BackendFixture.NameOf(Roles.AreaSales);
        var session = await backend.SignInAsync(name);
        await new People.PeopleClient(await backend.AsAdministratorAsync()).SetStateAsync(new SetPersonStateRequest { Person = backend.People[Roles.AreaSales], State = "disabled" });
        await ShouldBeEndedAsync(backend, session.AccessToken);
        var client = new SignIn.SignInClient(backend.Anonymous());
        (await client.WithPasswordAsync(new PasswordSignInRequest { Name = name, Password = BackendFixture.Password })).Refused.Code.ShouldBe("disabled");
        (await client.WithPasswordAsync(new PasswordSignInRequest { Name = name, Password = "not the password" })).Refused.Code.ShouldBe("wrong_name_or_password");
    }

    [Theory]
    [OnSqlite]
    public async Task One_address_cannot_try_without_end(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine, options => options with { SignInsPerMinute = 5 });
        var client = new SignIn.SignInClient(backend.Anonymous());
        for (var i = 0; i < 5; i++) await client.RefreshAsync(new RefreshRequest { RefreshToken = "x" });
        var over = await Should.ThrowAsync<RpcException>(client.RefreshAsync(new RefreshRequest { RefreshToken = "x" }).ResponseAsync);
        over.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        over.Status.Detail.ShouldContain("Wait a minute");
    }

    private static async Task ShouldBeEndedAsync(BackendFixture backend, string token)
    {
        var ended = await Should.ThrowAsync<RpcException>(new SignIn.SignInClient(backend.With(token)).WhoAmIAsync(new WhoAmIRequest()).ResponseAsync);
        ended.StatusCode.ShouldBe(StatusCode.Unauthenticated);
        ended.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!.Reason.ShouldBe("session.ended");
    }
}
