using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Hosting;

namespace KeyAccountLogistics.Simulation.World;

/// <summary>Run sheets: drawn up, handed over at the station, let out when vehicle, counts and money agree, closed in the evening.</summary>
internal sealed partial class Day
{
    private const string Today = "2026-10-13";
    private static readonly string[] CheckGroups = ["tyres", "running", "battery", "tools"];

    private async Task LoadAsync()
    {
        Backend.AdvanceTo(DayPlan.At(6, 30));
        Agent.Start();
        foreach (var parcel in _plan.Parcels)
        {
            Tick(_draw.Int(50, 400));
            Agent.Record(new ParcelEvent { Kind = EventKind.AcceptedAtDepot, Parcel = parcel.Code });
        }
        await Agent.SendAsync(killAgent: _draw.Chance(0.3), killServer: false);
        Backend.AdvanceTo(DayPlan.At(7));
        foreach (var courier in Couriers) await DrawUpAsync(courier);
        Backend.AdvanceTo(DayPlan.At(7, 20));
        // A phone that the server has not met has nothing but its word; so it meets it before anything is told.
        await AllContactAsync();
        foreach (var courier in Couriers.Where(_ => _draw.Chance(0.15))) await ExpectRefusedAsync(courier, "early", "vehicle_not_checked");
        var failing = Couriers.Where(_ => _draw.Chance(0.15)).ToList();
        foreach (var courier in failing) Tell(courier, courier.Vehicle, [new Step("check 1", _ => Checked(courier, passed: false))]);
        await AllContactAsync();
        foreach (var courier in failing) await ExpectRefusedAsync(courier, "failed", "vehicle_check_failed");
        foreach (var courier in Couriers) Tell(courier, courier.Vehicle, [new Step("check 2", _ => Checked(courier, passed: true))]);
        await AllContactAsync();
        Backend.AdvanceTo(DayPlan.At(7, 45));
        foreach (var courier in Couriers) HandOver(courier);
        await Agent.SendAsync(killAgent: _draw.Chance(0.3), killServer: _size.Parcels >= 1_000);
        Backend.AdvanceTo(DayPlan.At(8, 20));
        foreach (var courier in Couriers)
        {
            var reply = await ReleaseAsync(courier, "release");
            if (reply.Sheet?.State is not "released") Oddities.Add($"the sheet of {courier.Name} was not released: {reply.Refused}");
            if (_draw.Chance(0.2)) await ExpectRefusedAsync(courier, "twice", "already_released");
        }
        await AllContactAsync();
    }

    private async Task AllContactAsync()
    {
        foreach (var courier in Couriers)
        {
            for (var tries = 0; !await ContactAsync(courier) && tries < 50; tries++) Tick(2_000);
        }
    }

    private async Task DrawUpAsync(SimCourier courier)
    {
        await new Runs.RunsClient(await Backend.AsAsync(Roles.StationHead)).SetCourierAsync(new SetCourierCommand
        {
            CommandId = CommandId("set " + courier.Name),
            Courier = new CourierSetting { Courier = courier.Id, Depot = BackendFixture.Depot, ShiftFrom = 480, ShiftUntil = 1_200, Vehicle = courier.Vehicle, ParcelsMax = 500, Active = true },
        });
        var command = new DrawUpSheetCommand { CommandId = CommandId("draw " + courier.Name), Depot = BackendFixture.Depot, Day = Today, Courier = courier.Id };
        command.Parcels.AddRange(ParcelsOf(courier).Select(p => p.Code));
        var reply = await ActAsync(Roles.DepotClerk, channel => new RunSheets.RunSheetsClient(channel).DrawUpAsync(command).ResponseAsync);
        courier.Sheet = reply.Sheet?.Number ?? throw new InvalidOperationException($"no sheet for {courier.Name}: {reply.Refused}");
        var (cod, freight) = (ParcelsOf(courier).Sum(p => p.Cod), ParcelsOf(courier).Sum(p => p.Freight));
        if ((reply.Sheet.Parcels, reply.Sheet.CodMinor, reply.Sheet.FreightCollectMinor) != (command.Parcels.Count, cod, freight))
            Oddities.Add($"the sheet of {courier.Name} says {reply.Sheet.Parcels} parcels, {reply.Sheet.CodMinor} and {reply.Sheet.FreightCollectMinor}; it is {command.Parcels.Count}, {cod} and {freight}");
    }

    private static ParcelEvent Checked(SimCourier courier, bool passed)
    {
        var fact = new ParcelEvent { Kind = EventKind.VehicleChecked, Reference = courier.Vehicle, Checklist = new Checklist { Id = "vehicle" } };
        fact.Checklist.Items.AddRange(CheckGroups.Select(g => new ChecklistItem { Id = g, Passed = passed || g is not "tyres" }));
        return fact;
    }

    // As the station does it: opened, each line looked at, counted, both sign, custody moves.
    private void HandOver(SimCourier courier)
    {
        var (handover, clerk, parcels) = (HandoverOf(courier), Backend.PersonOf(Roles.DepotClerk), ParcelsOf(courier).ToList());
        var (giver, receiver) = (new Party { Kind = PartyKind.Depot, Id = BackendFixture.Depot }, new Party { Kind = PartyKind.Courier, Id = courier.Id });
        var opened = new HandoverOpened { Kind = HandoverKind.DepotToCourier, Giver = giver, Receiver = receiver, Place = BackendFixture.Depot };
        opened.Expected.AddRange(parcels.Select(p => new ExpectedParcel
        {
            Parcel = p.Code, Insured = p.Insured, CodMinor = p.Cod, FreightCollectMinor = p.Freight, Currency = p.HasMoney ? "CNY" : "",
        }));
        var totals = new HandoverTotals
        {
            Accepted = parcels.Count, CodMinor = parcels.Sum(p => p.Cod), FreightCollectMinor = parcels.Sum(p => p.Freight), Currency = parcels.Exists(p => p.HasMoney) ? "CNY" : "",
        };
        Station(new ParcelEvent { Kind = EventKind.HandoverOpened, Actor = clerk, Reference = courier.Sheet, Place = BackendFixture.Depot, HandoverOpened = opened });
        foreach (var p in parcels)
        {
            Station(new ParcelEvent
            {
                Kind = EventKind.HandoverLine, Actor = clerk, Parcel = p.Code,
                HandoverLine = new HandoverLine { Result = LineResult.Accepted, PackagingOk = true, TouchOk = true, CodMinor = p.Cod, FreightCollectMinor = p.Freight, Currency = p.HasMoney ? "CNY" : "" },
            });
        }
        Station(new ParcelEvent { Kind = EventKind.HandoverCounted, Actor = clerk, HandoverCounted = totals });
        Station(new ParcelEvent { Kind = EventKind.HandoverConfirmed, Actor = clerk, HandoverConfirmed = new HandoverConfirmation { Side = Side.Giver, Method = ConfirmationMethod.Pin, Totals = totals } });
        Station(new ParcelEvent { Kind = EventKind.HandoverConfirmed, Actor = courier.Id, HandoverConfirmed = new HandoverConfirmation { Side = Side.Receiver, Method = ConfirmationMethod.Pin, Totals = totals } });
        foreach (var p in parcels)
        {
            p.Place = Place.Courier;
            Station(new ParcelEvent { Kind = EventKind.OutForDelivery, Actor = clerk, Parcel = p.Code, From = giver, To = receiver });
        }

        void Station(ParcelEvent fact)
        {
            Tick(_draw.Int(10, 120));
            fact.Handover = handover;
            Agent.Record(fact);
        }
    }

    private Task<SheetReply> ReleaseAsync(SimCourier courier, string command) => ActAsync(Roles.DepotClerk, channel => new RunSheets.RunSheetsClient(channel).ReleaseAsync(
        new ReleaseSheetCommand { CommandId = CommandId(command + " " + courier.Name), Number = courier.Sheet, Handover = HandoverOf(courier) }).ResponseAsync);

    private async Task ExpectRefusedAsync(SimCourier courier, string command, string code)
    {
        var reply = await ReleaseAsync(courier, command);
        if (reply.Refused?.Code != code) Oddities.Add($"the release of {courier.Name}'s sheet must be refused as {code}, and is answered {reply}");
    }

    private async Task CloseTooEarlyAsync(SimCourier courier)
    {
        var reply = await CloseAsync(courier, "close early");
        if (reply.Refused?.Code is not ("unaccounted" or "not_back")) Oddities.Add($"{courier.Name} has parcels still, and the close of his sheet is answered {reply}");
    }

    /// <summary>Closed, but for a parcel of which nobody can say what became of it.</summary>
    private async Task CloseSheetAsync(SimCourier courier)
    {
        var missing = ParcelsOf(courier).Where(p => p.Place is Place.Gone).Select(p => p.Code).Order(StringComparer.Ordinal).ToList();
        var reply = await CloseAsync(courier, "close");
        var asItMust = missing.Count == 0 ? reply.Sheet?.State is "closed" : reply.Refused?.Code is "unaccounted" && reply.Refused.Parcels.SequenceEqual(missing, StringComparer.Ordinal);
        if (!asItMust) Oddities.Add($"{courier.Name} lacks {string.Join(' ', missing)}, and the close of his sheet is answered {reply.Refused?.ToString() ?? reply.Sheet?.State}");
    }

    private Task<SheetReply> CloseAsync(SimCourier courier, string command) => ActAsync(Roles.DepotClerk, channel => new RunSheets.RunSheetsClient(channel).CloseAsync(
        new CloseSheetCommand { CommandId = CommandId(command + " " + courier.Name), Number = courier.Sheet }).ResponseAsync);

    private IEnumerable<SimParcel> ParcelsOf(SimCourier courier) => _plan.Parcels.Where(p => p.Courier == courier.Index);

    private static string HandoverOf(SimCourier courier) => "HO-" + courier.Name;
}
