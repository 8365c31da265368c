using KeyAccountLogistics.Kernel;
using Shouldly;
using Xunit;

namespace KeyAccountLogistics.Unit.Kernel;

public sealed class ParcelCodeTests
{
    private static readonly WaybillScheme Scheme = WaybillScheme.Of("KAL");

    [Theory]
    [InlineData("kal-261012-0000017", "KAL2610120000017", null)]
    [InlineData("KAL2610120000017-002", "KAL2610120000017-002", 2)]
    [InlineData("KAL2610120000017 002", "KAL2610120000017-002", 2)]
    [InlineData("ＫＡＬ２６１０１２０００００１７－９９９", "KAL2610120000017-999", 999)]
    public void An_own_parcel_is_read_with_its_piece(string keyed, string canonical, int? piece)
    {
        ParcelCode.TryRead(keyed, Scheme, out var code, out var flaw).ShouldBeTrue(flaw.ToString());
        code.Text.ShouldBe(canonical);
        code.IsOwn(Scheme, out var waybill, out var read).ShouldBeTrue();
        waybill.Text.ShouldBe("KAL2610120000017");
        read.ShouldBe(piece);
    }

    [Theory]
    [InlineData("e481f51cbdc54678b7cc49136f2d6af7", "E481F51CBDC54678B7CC49136F2D6AF7")]   // an order id of the Olist data
    [InlineData("rr 473 124 829 gb", "RR473124829GB")]
    [InlineData("SF1234567890123", "SF1234567890123")]
    [InlineData("0192f8a0-6c1e-7b2d-9a51-3f2b6d1c8e10", "0192F8A0-6C1E-7B2D-9A51-3F2B6D1C8E10")]
    [InlineData("abc-12", "ABC-12")]
    [InlineData("KAL-AB-2026", "KAL-AB-2026")]   // the letters alone do not make it ours
    public void A_foreign_identifier_is_opaque_and_loses_only_its_case(string keyed, string canonical)
    {
        ParcelCode.TryRead(keyed, Scheme, out var code, out var flaw).ShouldBeTrue(flaw.ToString());
        code.Text.ShouldBe(canonical);
        code.IsOwn(Scheme, out _, out _).ShouldBeFalse();
        ParcelCode.FromCanonical(canonical).ShouldBe(code);
    }

    [Theory]
    [InlineData("", ParcelCodeFlaw.Empty)]
    [InlineData("  ", ParcelCodeFlaw.Empty)]
    [InlineData("AB123", ParcelCodeFlaw.TooShort)]
    [InlineData("A1234567890123456789012345678901234567890", ParcelCodeFlaw.TooLong)]
    [InlineData("AB/123456", ParcelCodeFlaw.Characters)]
    [InlineData("快件1234567", ParcelCodeFlaw.Characters)]
    [InlineData("-ABC123", ParcelCodeFlaw.Characters)]
    [InlineData("ABC123-", ParcelCodeFlaw.Characters)]
    [InlineData("KAL2610120000018", ParcelCodeFlaw.MisreadOwn)]
    [InlineData("KAL2610120000017-000", ParcelCodeFlaw.MisreadOwn)]
    [InlineData("KAL26101200000", ParcelCodeFlaw.MisreadOwn)]
    public void Says_why_a_text_names_no_parcel(string keyed, ParcelCodeFlaw expected)
    {
        ParcelCode.TryRead(keyed, Scheme, out var code, out var flaw).ShouldBeFalse();
        flaw.ShouldBe(expected);
        code.ShouldBe(default);
    }

    [Fact]
    public void A_misread_own_waybill_is_never_taken_for_a_foreign_one() => Seeded.Holds(Seeded.Ints(0, 9_999_999), serial =>
    {
        var text = $"KAL261012{serial:0000000}";
        return ParcelCode.TryRead(text, Scheme, out _, out var flaw) ? Scheme.TryParse(text, out _, out _) : flaw is ParcelCodeFlaw.MisreadOwn;
    });

    [Fact]
    public void A_stored_code_that_is_not_canonical_is_damage()
    {
        Should.Throw<FormatException>(() => ParcelCode.FromCanonical("abc123456"));
        Should.Throw<FormatException>(() => ParcelCode.FromCanonical(""));
        Should.Throw<InvalidOperationException>(() => default(ParcelCode).Text);
    }

    [Fact]
    public void A_piece_is_1_to_999()
    {
        Scheme.TryParse("KAL2610120000017", out var waybill, out _).ShouldBeTrue();
        ParcelCode.Of(waybill, 1).Text.ShouldBe("KAL2610120000017-001");
        Should.Throw<ArgumentOutOfRangeException>(() => ParcelCode.Of(waybill, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => ParcelCode.Of(waybill, 1000));
    }
}
