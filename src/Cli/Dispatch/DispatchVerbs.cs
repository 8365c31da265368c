using System.CommandLine;
using System.Globalization;
using Google.Protobuf;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.Cli.Dispatch;

/// <summary><c>kal dispatch courier|couriers|absent|plan|replan|day|move|explain</c>: a depot's day as runs.</summary>
internal static class DispatchVerbs
{
    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    public static Command Build() => new("dispatch", "A depot's day: couriers, runs with predicted times, what a change costs, and why a stop stands where it stands.")
    {
        Subcommands =
        {
            SetCourier(), Couriers(), Absent(),
            Planned("plan", "Plans the day anew around what has been done of it.", (runs, command, ct) => runs.PlanAsync(command, cancellationToken: ct)),
            Planned("replan", "Takes in what has happened since; sequences stay wherever they can be driven.", (runs, command, ct) => runs.ReplanAsync(command, cancellationToken: ct)),
            Day(), Move(), Explain(),
        },
    };

    internal static ByteString NewCommand() => ByteString.CopyFrom(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));

    internal static Option<string?> DayOption() => new("--day") { Description = "2026-10-12; default: today at the depot." };

    internal static Option<bool> JsonOption() => new("--json") { Description = "The API's own message, with its proto names." };

    internal static async Task<int> RefusedAsync(TextWriter error, string code, string message, IEnumerable<string> parcels)
    {
        await error.WriteLineAsync($"kal: {code}: {message}{string.Concat(parcels.Take(20).Select(p => " " + p))}");
        return ExitCode.Failed;
    }

    internal static Task SayAsync(TextWriter output, IMessage message) => output.WriteLineAsync(Json.Format(message));

    private static Argument<string> DepotArgument() => new("DEPOT") { Description = "The depot's code." };

    private static Command SetCourier()
    {
        var verb = new Command("courier", "Sets a courier of a depot: areas, shift, vehicle, and where runs begin and end.");
        var connection = ConnectionOptions.AddTo(verb);
        var (depot, courier) = (DepotArgument(), new Argument<string>("COURIER") { Description = "Person id." });
        var vehicle = new Option<string>("--vehicle") { Description = "The vehicle's number.", Required = true };
        var shift = new Option<string>("--shift") { Description = "08:00-18:00.", Required = true };
        var place = new Option<string>("--at") { Description = "Longitude,latitude of the depot in degrees: 121.47,31.23.", Required = true };
        var areas = new Option<string[]>("--area") { Description = "An area he serves; several times for several; none: everywhere." };
        var cash = new Option<long>("--cash-max") { Description = "Money he may carry, in minor units; not given: any." };
        var off = new Option<bool>("--off") { Description = "He works here no more." };
        foreach (var argument in new[] { depot, courier }) verb.Arguments.Add(argument);
        foreach (var option in new Option[] { vehicle, shift, place, areas, cash, off }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            var (from, until) = ShiftOf(parsed.GetRequiredValue(shift));
            var (longitude, latitude) = PlaceOf(parsed.GetRequiredValue(place));
            await using var backend = await connection.OpenAsync(parsed, ct);
            var reply = await new Runs.RunsClient(backend.Calls).SetCourierAsync(
                new SetCourierCommand
                {
                    CommandId = NewCommand(),
                    Courier = new CourierSetting
                    {
                        Courier = parsed.GetRequiredValue(courier), Depot = parsed.GetRequiredValue(depot), Vehicle = parsed.GetRequiredValue(vehicle), ShiftFrom = from, ShiftUntil = until, LongitudeE5 = longitude,
                        LatitudeE5 = latitude, Areas = { parsed.GetValue(areas) ?? [] }, CashMaxMinor = parsed.GetValue(cash), Active = !parsed.GetValue(off),
                    },
                },
                cancellationToken: ct);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(Line(reply.Courier));
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Command Couriers()
    {
        var verb = new Command("couriers", "The couriers of a depot.");
        var connection = ConnectionOptions.AddTo(verb);
        var depot = DepotArgument();
        verb.Arguments.Add(depot);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var reply = await new Runs.RunsClient(backend.Calls).ListCouriersAsync(new ListCouriersRequest { Depot = parsed.GetRequiredValue(depot) }, cancellationToken: ct);
            foreach (var one in reply.Couriers) await parsed.InvocationConfiguration.Output.WriteLineAsync(Line(one));
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Command Absent()
    {
        var verb = new Command("absent", "A courier is not there on a day; what he had goes to the others.");
        var connection = ConnectionOptions.AddTo(verb);
        var (depot, courier, day, back, json) = (DepotArgument(), new Argument<string>("COURIER"), DayOption(), new Option<bool>("--back") { Description = "He is there after all." }, JsonOption());
        foreach (var argument in new[] { depot, courier }) verb.Arguments.Add(argument);
        foreach (var option in new Option[] { day, back, json }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var command = new SetAbsentCommand
            {
                CommandId = NewCommand(), Depot = parsed.GetRequiredValue(depot), Day = parsed.GetValue(day) ?? "", Courier = parsed.GetRequiredValue(courier), Absent = !parsed.GetValue(back),
            };
            return await TellAsync(parsed, await new Runs.RunsClient(backend.Calls).SetAbsentAsync(command, cancellationToken: ct), parsed.GetValue(json));
        });
        return verb;
    }

    private static Command Planned(string name, string description, Func<Runs.RunsClient, PlanCommand, CancellationToken, Grpc.Core.AsyncUnaryCall<DayReply>> plan)
    {
        var verb = new Command(name, description);
        var connection = ConnectionOptions.AddTo(verb);
        var (depot, day, json) = (DepotArgument(), DayOption(), JsonOption());
        var seed = new Option<ulong>("--seed") { Description = "The same seed gives the same plan.", DefaultValueFactory = _ => 1 };
        verb.Arguments.Add(depot);
        foreach (var option in new Option[] { day, seed, json }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var command = new PlanCommand { CommandId = NewCommand(), Depot = parsed.GetRequiredValue(depot), Day = parsed.GetValue(day) ?? "", Seed = parsed.GetValue(seed) };
            return await TellAsync(parsed, await plan(new Runs.RunsClient(backend.Calls), command, ct), parsed.GetValue(json));
        });
        return verb;
    }

    private static Command Day()
    {
        var verb = new Command("day", "The day as it stands: runs, what is in none, what is at risk; exit code 1 when something is.");
        var connection = ConnectionOptions.AddTo(verb);
        var (depot, day, json) = (DepotArgument(), DayOption(), JsonOption());
        verb.Arguments.Add(depot);
        foreach (var option in new Option[] { day, json }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var view = await new Runs.RunsClient(backend.Calls).GetDayAsync(new GetDayRequest { Depot = parsed.GetRequiredValue(depot), Day = parsed.GetValue(day) ?? "" }, cancellationToken: ct);
            await ShowAsync(parsed.InvocationConfiguration.Output, view, parsed.GetValue(json));
            return view.AtRisk.Count > 0 ? ExitCode.Bad : ExitCode.Ok;
        });
        return verb;
    }

    private static Command Move()
    {
        var verb = new Command("move", "Puts a stop into a courier's run; --what-it-costs only tells.");
        var connection = ConnectionOptions.AddTo(verb);
        var (depot, stop, courier) = (DepotArgument(), new Argument<string>("STOP"), new Argument<string>("COURIER"));
        var (day, json) = (DayOption(), JsonOption());
        var position = new Option<int>("--position") { Description = "Before which stop, from 0; default: the cheapest.", DefaultValueFactory = _ => -1 };
        var only = new Option<bool>("--what-it-costs") { Description = "Changes nothing." };
        foreach (var argument in new[] { depot, stop, courier }) verb.Arguments.Add(argument);
        foreach (var option in new Option[] { day, position, only, json }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var (client, said) = (new Runs.RunsClient(backend.Calls), parsed.InvocationConfiguration);
            var (at, of) = (parsed.GetValue(position), parsed.GetValue(day) ?? "");
            if (!parsed.GetValue(only))
            {
                var command = new MoveStopCommand { CommandId = NewCommand(), Depot = parsed.GetRequiredValue(depot), Day = of, Stop = parsed.GetRequiredValue(stop), Courier = parsed.GetRequiredValue(courier), Position = at };
                return await TellAsync(parsed, await client.MoveAsync(command, cancellationToken: ct), parsed.GetValue(json));
            }
            var preview = await client.PreviewMoveAsync(
                new PreviewMoveRequest { Depot = parsed.GetRequiredValue(depot), Day = of, Stop = parsed.GetRequiredValue(stop), Courier = parsed.GetRequiredValue(courier), Position = at }, cancellationToken: ct);
            if (preview.Refused is { } refused) return await RefusedAsync(said.Error, refused.Code, refused.Message, []);
            foreach (var one in preview.Places)
                await said.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{one.Courier}  place {one.Position + 1}  {one.Metres:+0;-0;0} m  {one.Seconds / 60.0:+0.0;-0.0;0} min  {one.LateParcels:+0;-0;0} late parcels"));
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Command Explain()
    {
        var verb = new Command("explain", "Why a stop stands where it stands, and what another place would cost.");
        var connection = ConnectionOptions.AddTo(verb);
        var (depot, stop, day) = (DepotArgument(), new Argument<string>("STOP"), DayOption());
        var language = new Option<string>("--language") { Description = "zh or en.", DefaultValueFactory = _ => "en" };
        language.AcceptOnlyFromAmong("zh", "en");
        foreach (var argument in new[] { depot, stop }) verb.Arguments.Add(argument);
        foreach (var option in new Option[] { day, language }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var told = await new Runs.RunsClient(backend.Calls).ExplainAsync(
                new ExplainStopRequest { Depot = parsed.GetRequiredValue(depot), Stop = parsed.GetRequiredValue(stop), Day = parsed.GetValue(day) ?? "" }, cancellationToken: ct);
            await parsed.InvocationConfiguration.Output.WriteLineAsync((told.Courier.Length > 0 ? told.Courier + ": " : "") + (parsed.GetValue(language) is "zh" ? told.Zh : told.En));
            return ExitCode.Ok;
        });
        return verb;
    }

    private static async Task<int> TellAsync(ParseResult parsed, DayReply reply, bool json)
    {
        var said = parsed.InvocationConfiguration;
        if (reply.Refused is { } refused) return await RefusedAsync(said.Error, refused.Code, refused.Message, []);
        await ShowAsync(said.Output, reply.Day, json);
        return ExitCode.Ok;
    }

    private static async Task ShowAsync(TextWriter output, DayView day, bool json)
    {
        if (json)
        {
            await SayAsync(output, day);
            return;
        }
        var zone = DateTimeZoneProviders.Tzdb[day.Zone];
        string At(long us) => us == 0 ? "-" : Clock.FromUnixMicros(us).InZone(zone).ToString("HH:mm", CultureInfo.InvariantCulture);
        var stops = day.Stops.ToDictionary(s => s.Stop, StringComparer.Ordinal);
        await output.WriteLineAsync($"{day.Depot} {day.Day} ({day.Zone}){(day.PlannedUs == 0 ? ", not planned" : "")}");
        foreach (var run in day.Runs)
        {
            var state = run.Absent ? "absent" : run.HasLeft ? "out" : run.SheetState;
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{run.Courier}  {run.Vehicle}  {state}  {run.Visits.Count} stops  {At(run.BeginUs)}-{At(run.EndUs)}  {run.Metres / 1_000.0:0.0} km  {run.Points} points  {run.LateParcels} late  {run.Sheet}"));
            foreach (var visit in run.Visits)
            {
                var stop = stops[visit.Stop];
                var window = stop.UntilUs == 0 ? "" : $"  window {At(stop.FromUs)}-{At(stop.UntilUs)}";
                await output.WriteLineAsync($"  {At(visit.StartUs)}  {stop.Kind,-8} {visit.Stop}  {stop.Count} parcels{window}{(visit.LateSeconds > 0 ? "  late" : "")}{(visit.Done ? "  " + stop.State : "")}");
            }
        }
        foreach (var one in day.Unassigned) await output.WriteLineAsync($"in no run: {one.Stop}  {one.Why}");
        foreach (var one in day.AtRisk) await output.WriteLineAsync($"at risk: {one.Stop}  {one.Courier}  due {At(one.DueUs)}  {one.LateSeconds / 60} min late");
    }

    private static string Line(CourierSetting c) => string.Create(
        CultureInfo.InvariantCulture, $"{c.Courier}  {c.Depot}  {c.Vehicle}  {c.ShiftFrom / 60:00}:{c.ShiftFrom % 60:00}-{c.ShiftUntil / 60:00}:{c.ShiftUntil % 60:00}  areas {(c.Areas.Count == 0 ? "all" : string.Join(',', c.Areas))}  {(c.Active ? "active" : "off")}");

    private static (int From, int Until) ShiftOf(string text)
    {
        var parts = text.Split('-');
        if (parts.Length == 2 && MinutesOf(parts[0]) is { } from && MinutesOf(parts[1]) is { } until) return (from, until);
        throw new UsageException($"'{text}' is no shift; write 08:00-18:00.");
    }

    private static int? MinutesOf(string text)
    {
        var parts = text.Split(':');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var hours) && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
            && hours <= 24 && minutes < 60 ? (hours * 60) + minutes : null;
    }

    private static (int Longitude, int Latitude) PlaceOf(string text)
    {
        var parts = text.Split(',');
        if (parts.Length == 2 && decimal.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var longitude) && decimal.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var latitude)
            && Math.Abs(longitude) <= 180 && Math.Abs(latitude) <= 90) return ((int)decimal.Round(longitude * 100_000), (int)decimal.Round(latitude * 100_000));
        throw new UsageException($"'{text}' is no place; write longitude,latitude in degrees: 121.47,31.23.");
    }
}
