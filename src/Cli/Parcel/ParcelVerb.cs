using System.CommandLine;
using System.Globalization;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.Kernel;
using NodaTime.Text;

namespace KeyAccountLogistics.Cli.Parcel;

/// <summary><c>kal parcel WAYBILL</c>: a parcel's whole life, for a person or as JSON.</summary>
internal static class ParcelVerb
{
    public static Command Build()
    {
        var verb = new Command("parcel", "Shows a parcel's life: state, custody, weights, every event.");
        var connection = ConnectionOptions.AddTo(verb);
        var waybill = new Argument<string>("WAYBILL") { Description = "Waybill or parcel code, as scanned or typed." };
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        verb.Arguments.Add(waybill);
        verb.Options.Add(json);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            var life = await new Parcels.ParcelsClient(backend.Calls).GetAsync(new GetParcelRequest { Code = parsed.GetRequiredValue(waybill) }, cancellationToken: ct);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) await output.WriteLineAsync(ParcelJson.Write(life));
            else Tell(life, output);
            return ExitCode.Ok;
        });
        return verb;
    }

    private static void Tell(ParcelLife life, TextWriter output)
    {
        var one = life.Summary;
        output.WriteLine($"{one.Parcel}  {one.State}{(one.Held ? $"  HELD: {one.HoldReason}" : "")}");
        output.WriteLine($"account {one.Account}, {one.Origin} -> {one.Destination}, in custody of {one.CustodianKind} {one.Custodian}");
        foreach (var weight in life.Weights)
            output.WriteLine($"  {ParcelJson.Word(weight.Purpose, "WeightPurpose"),-9} {Kilograms(weight.MassMg),9} kg  {(weight.Typed ? "typed" : weight.Scale?.Device)}");
        foreach (var entry in life.Timeline)
        {
            var mass = entry.Weight is { } weight ? Kilograms(weight.MassMg) + " kg" : "";
            output.WriteLine($"  {At(entry.AtUs)}  {ParcelJson.Word(entry.Kind, "EventKind"),-28} {entry.Node,-8} {mass} {entry.Reason}{(entry.OutOfOrder ? "  OUT OF ORDER" : "")}");
        }
        foreach (var odd in life.Exceptions) output.WriteLine($"  ! {odd.Code}: {odd.Message}");
    }

    private static string Kilograms(long mg) => (mg / 1_000_000m).ToString("0.000", CultureInfo.InvariantCulture);

    private static string At(long us) => us == 0 ? "-" : InstantPattern.ExtendedIso.Format(Clock.FromUnixMicros(us));
}
