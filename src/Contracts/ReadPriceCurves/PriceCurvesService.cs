using Grpc.Core;
using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Contracts.Versions;
using KeyAccountLogistics.Journal.Access;

namespace KeyAccountLogistics.Contracts.Keeping;

/// <summary>The price curves of a version that the caller may read.</summary>
internal sealed class PriceCurvesService(ReadVersions versions) : PriceCurves.PriceCurvesBase
{
    public override async Task<PriceCurvesReply> Read(ReadPriceCurvesRequest request, ServerCallContext context) => (await RunAsync(request, context.CancellationToken)).OrThrow();

    private async Task<Outcome<PriceCurvesReply>> RunAsync(ReadPriceCurvesRequest ask, CancellationToken ct)
    {
        if (await versions.FindAsync(ask.Contract, ask.Version, ct) is not { } row) return ReadVersions.Unknown(ask.Contract, ask.Version);
        return StoredVersions.Document(row) is { } document ? PriceCurve.Of(document) : StoredVersions.Unreadable(row);
    }
}
