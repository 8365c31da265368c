using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;

namespace KeyAccountLogistics.Component.Cases;

/// <summary>Claims over the wire, on both engines: the declared value of the shipment, the rule, and who pays how much.</summary>
public sealed class ClaimCaseTests
{
    private const string Insured = "KAL-CLAIM-INSURED";
    private const string Plain = "KAL-CLAIM-PLAIN";
    private const string Pieces = "KAL-CLAIM-PIECES";

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_claim_is_paid_by_the_insured_value_and_over_the_limit_by_two_people(Engine engine)
    {
        await using var bed = await CasesBed.StartAsync(engine);
        await RegisterAsync(bed);
        var client = await bed.AsAsync(Roles.ClientUser);
        var claim = new OpenCaseCommand
        {
            CommandId = BackendFixture.NewCommandId(), Kind = "claim", Subject = Insured, Reason = "damage", Note = "Three of ten cups are broken.",
            Claim = new ClaimFigures { WorthMinor = 100_000, LossMinor = 200_000, Currency = "CNY", Proof = "INV-2026-88" },
        };
        (await client.OpenAsync(claim)).Refused.Field.ShouldBe("claim.loss_minor");
        (claim.CommandId, claim.Claim.LossMinor) = (BackendFixture.NewCommandId(), 40_000);
        var opened = await client.OpenAsync(claim);
        (opened.Case.CaseId, opened.Case.Stage, opened.Case.OnHold.Minor).ShouldBe(("L-" + Insured, "examining", 24_000));
        claim.CommandId = BackendFixture.NewCommandId();
        (await client.OpenAsync(claim)).Refused.Code.ShouldBe("case.exists");

        var id = opened.Case.CaseId;
        var seen = await client.ReadAsync(new ReadCaseRequest { CaseId = id });
        (seen.Claim.Rule, seen.Claim.InsuredMinor, seen.Claim.Contract, seen.Answers.Single()).ShouldBe(("proportion", 60_000, "KA", "withdraw"));
        await ComplaintCaseTests.ActAsync(bed, Roles.CustomerService, new ActOnCaseCommand { CaseId = id, Step = "examined" });
        // 240.00 is over a key account manager's 200.00 and within finance's 2,000.00.
        var pay = new DecideCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = id, Outcome = "pay", Reason = "evidence_holds" };
        (await (await bed.AsAsync(Roles.KeyAccountManager)).DecideAsync(pay)).Case.State.ShouldBe("proposed");
        pay.CommandId = BackendFixture.NewCommandId();
        (await (await bed.AsAsync(Roles.KeyAccountManager)).DecideAsync(pay)).Refused.Code.ShouldBe("decide.own_proposal");
        pay.CommandId = BackendFixture.NewCommandId();
        (await (await bed.AsAsync(Roles.Finance)).DecideAsync(pay)).Case.State.ShouldBe("closed");
        var closed = await client.ReadAsync(new ReadCaseRequest { CaseId = id });
        (closed.Outcome.Outcome, closed.Outcome.Gives.Minor, closed.Proposal).ShouldBe(("pay", 24_000, null));
        (await bed.RebuildAsync(dryRun: true)).Differences.ShouldBe(0);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Without_insurance_a_person_states_the_amount_on_figures_that_can_be_restated(Engine engine)
    {
        await using var bed = await CasesBed.StartAsync(engine);
        await RegisterAsync(bed);
        var opened = await (await bed.AsAsync(Roles.CustomerService)).OpenAsync(new OpenCaseCommand
        {
            CommandId = BackendFixture.NewCommandId(), Kind = "claim", Subject = Plain, Reason = "total", Claim = new ClaimFigures { WorthMinor = 5_000, Currency = "CNY", Proof = "order 9" },
        });
        (opened.Refused, opened.Case.OnHold.Known, opened.Case.OnHold.Unknown).ShouldBe((null, false, "civil_law"));
        var id = opened.Case.CaseId;
        await ComplaintCaseTests.ActAsync(bed, Roles.CustomerService, new ActOnCaseCommand { CaseId = id, Step = "assess", Claim = new ClaimFigures { WorthMinor = 4_000, Currency = "CNY", Proof = "order 9, corrected" } });
        await ComplaintCaseTests.ActAsync(bed, Roles.CustomerService, new ActOnCaseCommand { CaseId = id, Step = "examined" });
        var manager = await bed.AsAsync(Roles.KeyAccountManager);
        (await manager.ReadAsync(new ReadCaseRequest { CaseId = id })).Outcomes.ShouldBe(["pay_other", "refuse"]);
        (await manager.DecideAsync(Decide(id, "pay", 0))).Refused.Code.ShouldBe("amount.no_rule");
        (await manager.DecideAsync(Decide(id, "pay_other", 4_001))).Refused.Code.ShouldBe("amount.over_loss");
        (await (await bed.AsAsync(Roles.CustomerService)).DecideAsync(Decide(id, "pay_other", 4_000))).Refused.Code.ShouldBe("decide.own_case");
        (await manager.DecideAsync(Decide(id, "pay_other", 4_000))).Case.Outcome.ShouldBe("pay_other");
        (await bed.RebuildAsync(dryRun: true)).Differences.ShouldBe(0);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Claims_for_the_pieces_of_a_shipment_are_paid_its_insured_value_once(Engine engine)
    {
        await using var bed = await CasesBed.StartAsync(engine);
        await RegisterAsync(bed, Line(Pieces, 60_000, pieces: 3));
        var client = await bed.AsAsync(Roles.ClientUser);
        async Task<CaseSummary> LostAsync(int piece) => (await client.OpenAsync(new OpenCaseCommand
        {
            CommandId = BackendFixture.NewCommandId(), Kind = "claim", Subject = FormattableString.Invariant($"{Pieces}-{piece:000}"), Reason = "total", Claim = new ClaimFigures { WorthMinor = 100_000, Currency = "CNY", Proof = "INV-7" },
        })).Case;
        // Both are opened before either is granted anything.
        var (one, other) = (await LostAsync(1), await LostAsync(2));
        (one.OnHold.Minor, other.OnHold.Minor).ShouldBe((60_000, 60_000));
        foreach (var id in new[] { one.CaseId, other.CaseId }) await ComplaintCaseTests.ActAsync(bed, Roles.CustomerService, new ActOnCaseCommand { CaseId = id, Step = "examined" });
        var finance = await bed.AsAsync(Roles.Finance);
        (await finance.DecideAsync(Pay(one.CaseId))).Case.State.ShouldBe("closed");
        (await LostAsync(3)).OnHold.Minor.ShouldBe(0);
        // Nobody pays another amount than they have read: the figures are restated, and kept so.
        var restated = await finance.DecideAsync(Pay(other.CaseId));
        (restated.Refused.Code, restated.Case.State, restated.Case.OnHold.Minor).ShouldBe(("claim.restated", "open", 0));
        var seen = await finance.ReadAsync(new ReadCaseRequest { CaseId = other.CaseId });
        (seen.Claim.Rule, seen.Claim.GrantedMinor, seen.Claim.InsuredMinor).ShouldBe(("remainder", 60_000, 60_000));
        var paid = await finance.DecideAsync(Pay(other.CaseId));
        (paid.Refused, paid.Case.State).ShouldBe((null, "closed"));
        (await finance.ReadAsync(new ReadCaseRequest { CaseId = other.CaseId })).Outcome.Gives.Minor.ShouldBe(0);
        (await bed.RebuildAsync(dryRun: true)).Differences.ShouldBe(0);
    }

    private static DecideCaseCommand Pay(string id)
    {
        var pay = Decide(id, "pay", 0);
        pay.Reason = "evidence_holds";
        return pay;
    }

    private static DecideCaseCommand Decide(string id, string outcome, long minor) => new()
    {
        CommandId = BackendFixture.NewCommandId(), CaseId = id, Outcome = outcome, AmountMinor = minor, Currency = minor > 0 ? "CNY" : "", Reason = "civil_law",
    };

    private static Task RegisterAsync(CasesBed bed) => RegisterAsync(bed, Line(Insured, 60_000), Line(Plain, 0));

    private static async Task RegisterAsync(CasesBed bed, params ShipmentLine[] lines)
    {
        var reply = await new Shipments.ShipmentsClient(await bed.Backend.AsAdministratorAsync()).RegisterAsync(new RegisterShipmentsRequest { Shipments = { lines } });
        reply.Registered.ShouldBe(lines.Length);
    }

    private static ShipmentLine Line(string waybill, long declaredMinor, int pieces = 1) => new()
    {
        Waybill = waybill, Account = BackendFixture.Account, Product = "standard", Origin = BackendFixture.Depot, Destination = "PEK02", DeclaredMg = 2_000_000, AcceptedAtUs = 1_772_000_000_000_000,
        DeclaredValueMinor = declaredMinor, Currency = "CNY", Pieces = pieces,
    };
}
