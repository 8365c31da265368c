using System.Text;
using FsCheck.Fluent;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Reading;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Terms.Documents;
using NodaTime;

namespace KeyAccountLogistics.Unit.Verdicts;

public sealed class TermsDocumentTests
{
    private const string Good = """
        {"account":"HDDS-A","name":{"zh":"华东电商甲","en":"East China"},"contract":"KA-2026-0001","version":3,
         "effective":{"from":"2026-01-01T00:00:00+08:00","until":"2027-01-01T00:00:00+08:00"},"currency":"CNY",
         "chargeable":[{"id":"T-3","services":["standard","economy"],"first":"1 kg","rounding":{"mode":"CeilStep","step":"0.5 kg","read_on":"excess"},
           "volumetric":{"divisor":6000,"side":"nearest_cm","weight":{"mode":"HalfUpDecimals","decimals":2},"lanes":[{"from":"31*","to":"31*","divisor":12000}]}}],
         "weight":{"id":"W-2","absolute":"20 g","percent":0.50},
         "handover":{"id":"H-1","insured_from":"1000.00","insured":["reweigh","item_by_item"],"touch":"fragile_insured","delivery":{"high":["signature","code"]}},
         "promise":{"id":"P-1","cut_off":"18:00","zone":"Asia/Shanghai","calendar":"CN","transit":[{"to":"44*","days":3},{"days":2}],"by":"20:00","decided_by":"timestamp"},
         "dispatch":{"id":"D-1","priority":"first","delivery":["no_locker","appointment"]}}
        """;

    [Fact]
    public void Every_field_arrives()
    {
        var terms = Read(Good).Terms.ShouldNotBeNull();
        terms.ToString().ShouldBe("KA-2026-0001 v3");
        terms.NameZh.ShouldBe("华东电商甲");
        terms.EffectiveFrom.ShouldBe(Instant.FromUtc(2025, 12, 31, 16, 0));
        terms.EffectiveUntil.ShouldBe(Instant.FromUtc(2026, 12, 31, 16, 0));
        var rule = terms.ChargeableFor("standard").ShouldNotBeNull();
        rule.First.ShouldBe(Mass.FromKilograms(1));
        rule.Rounding.ShouldBe(new WeightRounding.CeilStep(Mass.FromGrams(500)));
        rule.ReadOn.ShouldBe(RoundingReadOn.Excess);
        rule.Volumetric!.Side.ShouldBe(SideRounding.NearestCm);
        rule.Volumetric.Rounding.ShouldBe(new WeightRounding.HalfUpDecimals(2));
        rule.Volumetric.DivisorFor("3100", "3101").ShouldBe(12_000);
        terms.ChargeableFor("express").ShouldBeNull();
        terms.Weight.ShouldBe(new WeightTerms(ClauseId.Parse("W-2"), Mass.FromGrams(20), 0.5m));
        terms.Handover.InsuredFrom.ShouldBe(100_000);
        terms.Handover.Insured.ShouldBe(InsuredChecks.ItemByItem | InsuredChecks.Reweigh);
        terms.Handover.Touch.ShouldBe(TouchCheck.FragileInsured);
        terms.Handover.ProofFor(RiskClass.High).ShouldBe(DeliveryProofs.Code | DeliveryProofs.Signature);
        terms.Handover.ProofFor(RiskClass.Ordinary).ShouldBe(DeliveryProofs.Signature);
        terms.Promise!.DaysFor("3100", "4401").ShouldBe(3);
        terms.Promise.DaysFor("3100", "1000").ShouldBe(2);
        terms.Promise.By.ShouldBe(new LocalTime(20, 0));
        terms.Promise.DecidedBy.ShouldBe(DecidedBy.Timestamp);
        // SEED-04-LOGDETAIL
        terms.Dispatch.ShouldBe(new DispatchTerms(ClauseId.Parse("D-1"), DispatchPriority.First, DeliveryConstraints.NoLocker | DeliveryConstraints.Appointment));
        terms.GoesFirst.ShouldBeTrue();
    }

    [Fact]
    public void Equal_terms_give_equal_bytes_however_they_were_written()
    {
        var canonical = AccountTermsJson.Write(Read(Good).Terms!);
        var otherwise = Good.Replace("[\"standard\",\"economy\"]", "[\"economy\",\"standard\"]", StringComparison.Ordinal)
            .Replace("\"1 kg\"", "\"1000 g\"", StringComparison.Ordinal)
            .Replace("0.50", "\"0.5 %\"", StringComparison.Ordinal)
            .Replace("2026-01-01T00:00:00+08:00", "2025-12-31T16:00:00Z", StringComparison.Ordinal)
            .Replace("[\"reweigh\",\"item_by_item\"]", "[\"item_by_item\",\"reweigh\"]", StringComparison.Ordinal)
            .Replace("1000.00", "1000", StringComparison.Ordinal);
        string.Equals(otherwise, Good, StringComparison.Ordinal).ShouldBeFalse();
        AccountTermsJson.Write(Read(otherwise).Terms!).ShouldBe(canonical);
        AccountTermsJson.Write(AccountTermsJson.Read(canonical).Terms!).ShouldBe(canonical);
        AccountTermsJson.Write(Read(Good.Replace("20 g", "21 g", StringComparison.Ordinal)).Terms!).ShouldNotBe(canonical);
    }

    [Fact]
    public void Terms_put_together_in_another_order_give_equal_bytes_too()
    {
        var terms = Sample.Terms();
        var (a, b) = (Sample.FirstKiloThenHalf with { Clause = ClauseId.Parse("T-1"), Services = ["x", "a"] }, Sample.FirstKiloThenHalf);
        AccountTermsJson.Write(terms with { Chargeable = [b, a] }).ShouldBe(AccountTermsJson.Write(terms with { Chargeable = [a with { Services = ["a", "x"] }, b] }));
    }

    [Fact]
    public void The_canonical_bytes_are_these()
    {
        Encoding.UTF8.GetString(AccountTermsJson.Write(Read(Good).Terms!)).ShouldBe(
            """{"account":"HDDS-A","name":{"zh":"华东电商甲","en":"East China"},"contract":"KA-2026-0001","version":3,"effective":{"from":"2025-12-31T16:00:00Z","until":"2026-12-31T16:00:00Z"},"currency":"CNY","chargeable":[{"id":"T-3","services":["economy","standard"],"first":"1000 g","rounding":{"mode":"CeilStep","step":"500 g","read_on":"excess"},"volumetric":{"divisor":6000,"side":"nearest_cm","weight":{"mode":"HalfUpDecimals","decimals":2},"lanes":[{"from":"31*","to":"31*","divisor":12000}]}}],"weight":{"id":"W-2","absolute":"20 g","percent":"0.5"},"handover":{"id":"H-1","insured_from":"1000","insured":["item_by_item","reweigh"],"touch":"fragile_insured","delivery":{"high":["code","signature"]}},"promise":{"id":"P-1","cut_off":"18:00","zone":"Asia/Shanghai","calendar":"CN","transit":[{"from":"*","to":"44*","days":3},{"from":"*","to":"*","days":2}],"by":"20:00","decided_by":"timestamp"},"dispatch":{"id":"D-1","priority":"first","delivery":["appointment","no_locker"]}}""");
    }

    [Fact]
    public void Every_mistake_is_told_at_once_with_its_path_and_the_word_that_was_meant()
    {
        var broken = """
            {"account":"HDDS A","nmae":{},"name":{"zh":"甲","en":"A"},"contract":"KA","version":0,
             "effective":{"from":"2026-01-01","until":"2026-01-01T00:00:00Z"},"currency":"yuan",
             "chargeable":[{"id":"T-1","first":"1kg","rounding":{"mode":"CielStep","step":"0 kg"},"volumetric":{"divisor":0,"side":"nearest"}},
                           {"id":"T-1","first":"1 lb","rounding":{"mode":"TruncDecimals","decimals":7,"step":"1 kg"}}],
             "weight":{"id":"2-W","absolute":"-1 g","percent":101},
             "handover":{"id":"H-1","insured":["item_by_items"],"delivery":{"low":[]}},
             "promise":{"id":"P-1","cut_off":"6pm","zone":"Asia/Peking","calendar":"CN","transit":[{"days":61},{"days":1}],"decided_by":"day"},
             "weight":{}}
            """;
        Read(broken).Terms.ShouldBeNull();
        Read(broken).Mistakes.Select(m => m.ToString()).ShouldBe(
        [
            "weight: stands here twice; keep one.",
            "account: 'HDDS A' does not fit; write the account's code, without blanks.",
            "version: '0' does not fit; write the contract's version, from 1.",
            "effective.from: '2026-01-01' does not fit; write an instant with its offset like 2026-01-01T00:00:00+08:00.",
            "currency: 'yuan' does not fit; write an ISO 4217 code like CNY.",
            "chargeable[0].first: '1kg' does not fit; write a mass like 0.5 kg or 500 g.",
            "chargeable[0].rounding.mode: 'CielStep' is not known; did you mean CeilStep? Known: CeilStep, TruncDecimals, HalfUpDecimals.",
            "chargeable[0].volumetric.divisor: '0' does not fit; write cm³ per kg, 1 to 100000, like 6000.",
            "chargeable[0].volumetric.side: 'nearest' is not known; did you mean nearest_cm? Known: none, nearest_cm, up_cm.",
            "chargeable[1].id: T-1 is the id of another clause; give each its own.",
            "chargeable[1].services: there is a rule for any service already; name the services of this one.",
            "chargeable[1].first: '1 lb' does not fit; write a mass like 0.5 kg or 500 g.",
            "chargeable[1].rounding.decimals: '7' does not fit; write the decimals of a kilogram, 0 to 6.",
            "chargeable[1].rounding.step: is not known; known here: decimals, mode, read_on.",
            "weight.id: '2-W' does not fit; write a clause id like W-2.",
            "weight.absolute: '-1 g' does not fit; write a mass like 0.5 kg or 500 g.",
            "weight.percent: '101' does not fit; write a percentage from 0 to 100.",
            "handover.insured[0]: 'item_by_items' is not known; did you mean item_by_item? Known: item_by_item, seal, reweigh.",
            "handover.delivery.low: is not known; known here: high, ordinary.",
            "promise.cut_off: '6pm' does not fit; write a time of day like 18:00, in quotes.",
            "promise.zone: 'Asia/Peking' does not fit; write a time zone like Asia/Shanghai.",
            "promise.transit[0].days: '61' does not fit; write working days, 0 to 60.",
            "promise.transit[1].to: the lane * > * stands in the list already.",
            "promise.decided_by: 'day' is not known. Known: date, timestamp.",
            "nmae: is not known; did you mean name?",
        ]);
    }

    [Theory]
    [InlineData("", "is not JSON")]
    [InlineData("{", "is not JSON")]
    [InlineData("[1,2]", "must be a map that begins with account")]
    [InlineData("null", "must be a map")]
    [InlineData("{\"account\":\"\\ud800\"}", "not Unicode")]
    [InlineData("{}", "account: is missing")]
    [InlineData("{\"account\":null}", "account: is empty")]
    [InlineData("{\"account\":[]}", "account: must be the account's code")]
    [InlineData("{\"name\":3}", "name: must be a map that holds zh and en")]
    public void What_is_no_document_of_terms_is_said_plainly(string json, string message)
    {
        var reading = Read(json);
        reading.Terms.ShouldBeNull();
        reading.Mistakes.ShouldContain(m => m.ToString().Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_document_over_the_limit_is_refused_unread()
    {
        AccountTermsJson.Read(new byte[AccountTermsJson.BytesMax + 1]).Mistakes.ShouldHaveSingleItem().Message.ShouldContain("at most");
        Read(string.Concat(Enumerable.Repeat("[", 40)) + string.Concat(Enumerable.Repeat("]", 40))).Mistakes.ShouldHaveSingleItem().Message.ShouldContain("not JSON");
    }

    [Fact]
    public void An_end_before_the_beginning_is_a_mistake() =>
        Read(Good.Replace("2027-01-01", "2025-01-01", StringComparison.Ordinal)).Mistakes.ShouldHaveSingleItem().ToString().ShouldBe("effective.until: must lie after from.");

    [Fact]
    public void An_amount_finer_than_the_currency_is_a_mistake() =>
        Read(Good.Replace("1000.00", "1000.001", StringComparison.Ordinal)).Mistakes.ShouldHaveSingleItem().Path.ShouldBe("handover.insured_from");

    [Fact]
    public void Without_a_promise_clause_there_is_none()
    {
        var without = Good[..Good.IndexOf(",\n \"promise\"", StringComparison.Ordinal)] + "}";
        Read(without).Terms.ShouldNotBeNull().Promise.ShouldBeNull();
    }

    [Fact]
    public void Ten_thousand_mutated_documents_never_crash_the_reader_and_what_is_read_is_whole()
    {
        var documents = DemoTerms.Files().SelectMany(f => ContractText.Read(f.Text, static _ => null).Versions).Select(v => v.ToTerms()!).Select(t => Encoding.UTF8.GetString(AccountTermsJson.Write(t))).ToArray();
        var pieces = documents.SelectMany(d => d.Split('"')).Distinct(StringComparer.Ordinal).Concat(["", "-1", "9999999999999", "0.00000001 g", "\\ud800", "{", "}", "[", "null", "~"]).ToArray();
        var cases =
            from document in Gen.Elements(documents)
            from at in Gen.Choose(0, 2_000)
            from length in Gen.Choose(0, 12)
            from piece in Gen.Elements(pieces)
            select document[..(at % document.Length)] + piece + document[Math.Min(document.Length, (at % document.Length) + length)..];
        Seeded.Holds(
            cases,
            json =>
            {
                var reading = Read(json);
                if (reading.Terms is not { } terms) return !reading.Mistakes.IsEmpty;
                return reading.Mistakes.IsEmpty && AccountTermsJson.Read(AccountTermsJson.Write(terms)).Terms is { } again
                    && AccountTermsJson.Write(again).AsSpan().SequenceEqual(AccountTermsJson.Write(terms));
            },
            tests: 10_000);
    }

    private static TermsReading Read(string json) => AccountTermsJson.Read(Encoding.UTF8.GetBytes(json));
}
