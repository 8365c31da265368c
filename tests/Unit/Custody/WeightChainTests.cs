using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Life;

namespace KeyAccountLogistics.Unit.Custody;

public sealed class WeightChainTests
{
    private readonly Life _life = new();

    [Fact]
    public void The_chain_keeps_each_weight_with_who_which_scale_and_how_many_frames()
    {
        _life.At(10, EventKind.Collected, e => (e.Weight, e.Actor) = (new Weight { MassMg = 2_450_000, Typed = true, TypedReason = "no scale" }, "c-1"));
        _life.At(20, EventKind.Weighed, e => (e.Weight, e.Node, e.Station, e.Actor) = (Measured(2_150_000), "HZ01", "S1", "p-2"));
        _life.At(30, EventKind.Weighed, e => e.Weight = Measured(2_151_000));
        var chain = _life.State.Weights;
        chain.Select(w => w.Purpose).ShouldBe([WeightPurpose.Pickup, WeightPurpose.Reweigh, WeightPurpose.Reweigh]);
        (chain[0].Typed, chain[0].TypedReason, chain[0].Actor).ShouldBe((true, "no scale", "c-1"));
        (chain[1].MassMg, chain[1].Node, chain[1].Station, chain[1].Actor, chain[1].Frames, chain[1].Scale.Serial).ShouldBe((2_150_000, "HZ01", "S1", "p-2", 2, "B123"));
        WeightChain.HandedOn(_life.State)!.MassMg.ShouldBe(2_151_000);
    }

    [Theory]
    [InlineData(NoVerdictReason.Moving)]
    [InlineData(NoVerdictReason.OverCapacity)]
    [InlineData(NoVerdictReason.NoReturnToZero)]
    [InlineData(NoVerdictReason.VerificationExpired)]
    public void A_number_that_is_no_weight_never_enters_the_chain(NoVerdictReason why)
    {
        var weight = Measured(30_200_000);
        weight.Verdict = new WeighVerdict { NoVerdict = why };
        _life.At(10, EventKind.Weighed, e => e.Weight = weight);
        _life.State.Weights.ShouldBeEmpty();
        WeightChain.HandedOn(_life.State).ShouldBeNull();
    }

    [Fact]
    public void A_parcel_weighed_without_end_keeps_its_first_and_its_last_weights()
    {
        for (var i = 0; i < 100; i++) _life.At(i, EventKind.Weighed, e => e.Weight = Measured(1_000_000 + i));
        var chain = _life.State.Weights;
        chain.Count.ShouldBe(64);
        (chain[0].MassMg, chain[1].MassMg, chain[^1].MassMg).ShouldBe((1_000_000, 1_000_037, 1_000_099));
    }

    private static Weight Measured(long mg) => new()
    {
        MassMg = mg, Scale = new Scale { Device = "scale-1", Serial = "B123" }, Frames = { ByteString.CopyFromUtf8("S S"), ByteString.CopyFromUtf8("S S") },
    };
}
