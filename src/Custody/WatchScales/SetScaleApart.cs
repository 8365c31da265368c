using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Acting;
using KeyAccountLogistics.Custody.Holding;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Custody.Scales;

/// <summary>A person takes a scale out of service, and back into it once it has proved itself.</summary>
internal sealed class SetScaleApart(Acts acts, ListScales scales)
{
    internal Task<Outcome<ScaleReply>> QuarantineAsync(ScaleCommand command, CancellationToken ct) => RunAsync(
        command, "Scales/Quarantine", EventKind.ScaleQuarantined,
        static scale => string.Equals(scale.Standing, "quarantined", StringComparison.Ordinal)
            ? new Fault.Conflict("scale.quarantined", $"The scale {scale.Device} of {scale.Depot} is in quarantine already.")
            : null,
        ct);

    internal Task<Outcome<ScaleReply>> ReleaseAsync(ScaleCommand command, CancellationToken ct) => RunAsync(command, "Scales/Release", EventKind.ScaleReleased, WhyNotReleased, ct);

    private static Fault? WhyNotReleased(ScaleView scale)
    {
        if (!string.Equals(scale.Standing, "quarantined", StringComparison.Ordinal)) return new Fault.Conflict("scale.not_quarantined", $"The scale {scale.Device} of {scale.Depot} is not in quarantine.");
        return scale.CheckedAtUs <= scale.QuarantinedAtUs || scale.LastCheck is not { Passed: true }
            ? new Fault.Conflict("scale.not_checked", $"The scale {scale.Device} of {scale.Depot} has not passed its check with test weights since it was quarantined. Check it at its station first.")
            : null;
    }

    private Task<Outcome<ScaleReply>> RunAsync(ScaleCommand command, string rpc, EventKind kind, Func<ScaleView, Fault?> whyNot, CancellationToken ct) => acts.RunAsync(
        command.CommandId, rpc, command, ScaleReply.Parser,
        async (transaction, cancel) =>
        {
            if ((acts.WhyNotAt(command.Depot) ?? HoldParcel.Missing(("device", command.Device), ("reason", command.Reason))) is { } wrong) return wrong;
            if (await scales.FindAsync(command.Depot, command.Device, cancel) is not { } scale)
                return new Fault.NotFound("scale.unknown", $"No scale '{command.Device}' has weighed or been checked at {command.Depot}.");
            if (whyNot(scale) is { } fault) return fault;
            var fact = new ParcelEvent { Kind = kind, Node = command.Depot, Device = command.Device, Reason = command.Reason };
            if (await acts.AppendAsync(transaction, [fact], cancel) is { } failed) return failed;
            return new ScaleReply { Scale = await scales.FindAsync(command.Depot, command.Device, cancel) };
        },
        ct);
}
