using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.EdgeAgent.Clocks;
using KeyAccountLogistics.EdgeAgent.People;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Files;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeyAccountLogistics.Unit.EdgeAgent;

public sealed class OfflineSignInTests
{
    private readonly ForgetfulFiles _files = new();
    private readonly ManualTime _time = new();
    private DepotPeople _people;
    private AgentClock _clock;

    public OfflineSignInTests()
    {
        (_clock, _people) = Start();
        _people.Replace(Snapshot(1, Person("p-li", "li", "135790", badge: "STAFF-0042"), Person("p-wang", "wang", "246801")));
    }

    [Theory]
    [InlineData("li")]
    [InlineData("LI")]
    [InlineData("STAFF-0042")]
    [InlineData("0042")]
    public void The_right_pin_proves_a_person_by_name_or_badge(string nameOrBadge) => Prove(nameOrBadge, "135790").ShouldBe("p-li");

    [Fact]
    public void A_wrong_pin_says_how_many_attempts_are_left_and_the_right_one_begins_anew()
    {
        Refused("li", "000000").ShouldBe(("wrong_pin", 4));
        Refused("li", "000000").ShouldBe(("wrong_pin", 3));
        Prove("li", "135790").ShouldBe("p-li");
        Refused("li", "000000").ShouldBe(("wrong_pin", 4));
    }

    [Fact]
    public void Five_wrong_pins_lock_at_this_agent_also_across_a_kill_and_the_right_pin_no_longer_helps()
    {
        for (var i = 0; i < 4; i++) Refused("li", "000000");
        _files.Crash(new Random(1));
        (_clock, _people) = Start();
        Refused("li", "000000").ShouldBe(("locked", 0));
        Refused("li", "135790").ShouldBe(("locked", 0));
        Prove("wang", "246801").ShouldBe("p-wang");
    }

    [Fact]
    public void A_new_pin_set_by_an_administrator_lifts_the_lock()
    {
        for (var i = 0; i < 5; i++) Refused("li", "000000");
        _people.Replace(Snapshot(2, Person("p-li", "li", "999111")));
        Prove("li", "999111").ShouldBe("p-li");
    }

    [Fact]
    public void Somebody_elsewhere_is_not_of_this_depot() => Refused("zhao", "135790").ShouldBe(("not_of_depot", null));

    [Fact]
    public void Without_any_contact_nobody_can_sign_in()
    {
        var fresh = new DepotPeople(_clock, new ForgetfulFiles(), "/other", "STAFF-", NullLogger.Instance);
        fresh.Prove("li", "135790").ShouldBeOfType<IdentityAnswer.Refused>().Code.ShouldBe("no_people");
    }

    [Fact]
    public void The_list_is_good_for_72_hours_without_contact_and_not_a_second_more()
    {
        _time.Pass(TimeSpan.FromHours(72));
        Prove("li", "135790").ShouldBe("p-li");
        _time.Pass(TimeSpan.FromSeconds(1));
        Refused("li", "135790").ShouldBe(("verifiers_too_old", null));
    }

    [Fact]
    public void Setting_the_clock_back_a_day_gains_nothing_while_running()
    {
        _time.Pass(TimeSpan.FromHours(71));
        _time.SetWall(TimeSpan.FromDays(-1));
        _time.Pass(TimeSpan.FromHours(2));
        Refused("li", "135790").Code.ShouldBe("verifiers_too_old");
    }

    [Fact]
    public void Setting_the_clock_back_a_day_while_the_agent_is_down_gains_nothing()
    {
        _time.Pass(TimeSpan.FromHours(71));
        _clock.Save();
        _time.SetWall(TimeSpan.FromDays(-1));
        (_clock, _people) = Start();
        _time.Pass(TimeSpan.FromHours(2));
        Refused("li", "135790").Code.ShouldBe("verifiers_too_old");
    }

    [Fact]
    public void Who_is_no_longer_listed_at_a_contact_is_revoked_at_once_and_signed_out()
    {
        var sessions = new StationSessions(() => _clock.MonotonicMicros, TimeSpan.FromMinutes(15));
        _people.Changed = sessions.KeepOnly;
        var (token, _, _) = sessions.Begin(_people.ById("p-li")!, "S1");
        sessions.Find(token).ShouldNotBeNull();
        _people.Replace(Snapshot(2, Person("p-wang", "wang", "246801")));
        sessions.Find(token).ShouldBeNull();
        Refused("li", "135790").Code.ShouldBe("not_of_depot");
    }

    [Fact]
    public void A_session_ends_when_idle_and_not_while_somebody_works()
    {
        var sessions = new StationSessions(() => _clock.MonotonicMicros, TimeSpan.FromMinutes(15));
        var (token, session, _) = sessions.Begin(_people.ById("p-li")!, "S1");
        for (var i = 0; i < 5; i++)
        {
            _time.Pass(TimeSpan.FromMinutes(14));
            sessions.Find(token).ShouldBe(session);
            session.Touch(_clock.MonotonicMicros);
        }
        _time.Pass(TimeSpan.FromMinutes(15));
        sessions.Find(token).ShouldBeNull();
        sessions.At("S1").ShouldBeNull();
    }

    [Fact]
    public void A_second_person_at_a_station_ends_the_first_ones_session()
    {
        var sessions = new StationSessions(() => _clock.MonotonicMicros, TimeSpan.FromMinutes(15));
        var (first, _, _) = sessions.Begin(_people.ById("p-li")!, "S1");
        var (second, _, before) = sessions.Begin(_people.ById("p-wang")!, "S1");
        before!.Person.Id.ShouldBe("p-li");
        sessions.Find(first).ShouldBeNull();
        sessions.Find(second)!.Person.Id.ShouldBe("p-wang");
        sessions.Find(second[..^1] + (second[^1] == 'A' ? 'B' : 'A')).ShouldBeNull();
    }

    [Fact]
    public void A_second_page_of_the_same_person_leaves_the_first_one_signed_in_and_signing_out_ends_both()
    {
        var ended = new List<string>();
        var sessions = new StationSessions(() => _clock.MonotonicMicros, TimeSpan.FromMinutes(15)) { Ended = one => ended.Add(one.Person.Id) };
        var (first, _, _) = sessions.Begin(_people.ById("p-li")!, "S1");
        var (second, session, before) = sessions.Begin(_people.ById("p-li")!, "S1");
        before.ShouldBeNull();
        sessions.Find(first).ShouldBe(session);
        sessions.Find(second).ShouldBe(session);
        sessions.EndAt("S1").ShouldBe(session);
        sessions.Find(first).ShouldBeNull();
        sessions.Find(second).ShouldBeNull();

        // Pages without end are not kept; and one person's end is told once, however many pages there were.
        var tokens = Enumerable.Range(0, 40).Select(_ => sessions.Begin(_people.ById("p-li")!, "S1").Token).ToList();
        tokens.Count(token => sessions.Find(token) is not null).ShouldBeInRange(1, 16);
        sessions.KeepOnly(new HashSet<string>(StringComparer.Ordinal));
        ended.ShouldBe(["p-li"]);
    }

    [Fact]
    public void A_damaged_list_is_not_half_believed()
    {
        _files.Flip("/people/people.snapshot", 20);
        (_clock, _people) = Start();
        Refused("li", "135790").Code.ShouldBe("no_people");
        _people.Version.ShouldBe(0ul);
    }

    [Fact]
    public void The_list_survives_a_restart_with_its_version()
    {
        (_clock, _people) = Start();
        _people.Version.ShouldBe(1ul);
        Prove("wang", "246801").ShouldBe("p-wang");
    }

    private (AgentClock, DepotPeople) Start()
    {
        var clock = new AgentClock(_time, _files, "/people/clock");
        return (clock, new DepotPeople(clock, _files, "/people", "STAFF-", NullLogger.Instance));
    }

    private string Prove(string nameOrBadge, string pin) => _people.Prove(nameOrBadge, pin).ShouldBeOfType<IdentityAnswer.Proved>().Person.Id;

    private (string Code, int? Left) Refused(string nameOrBadge, string pin)
    {
        var refused = _people.Prove(nameOrBadge, pin).ShouldBeOfType<IdentityAnswer.Refused>();
        return (refused.Code, refused.AttemptsLeft);
    }

    private PeopleSnapshot Snapshot(ulong version, params StationPerson[] people) => new()
    {
        Version = version,
        ValidUntilUs = _time.Now().ToUnixMicros() + (100L * 3600 * 1_000_000),
        People = { people },
    };

    private static StationPerson Person(string id, string name, string pin, string badge = "")
    {
        var salt = Encoding.ASCII.GetBytes("salt of " + id);
        return new StationPerson
        {
            Id = id,
            SignInName = name,
            DisplayName = name,
            Badge = badge,
            PinSalt = ByteString.CopyFrom(salt),
            PinIterations = 1_000,
            PinVerifier = ByteString.CopyFrom(Rfc2898DeriveBytes.Pbkdf2(pin, salt, 1_000, HashAlgorithmName.SHA256, 32)),
        };
    }
}
