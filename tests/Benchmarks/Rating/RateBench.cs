using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using CsvHelper;
using KeyAccountLogistics.Benchmarks.Reports;
using KeyAccountLogistics.Contracts.Bulk;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Rating;
using KeyAccountLogistics.Contracts.Writing;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Rating;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Benchmarks.Rating;

/// <summary>
/// Rating beside a plain decimal rule chain (<see cref="PlainRules"/>) in the same run: a contract of 300 lanes, 40 brackets and 12 surcharges, shipments drawn from a seed. Every price is compared to the
/// cent, with the chain for all of them and with the slow reference for a part. Then a file of a million shipments beside the bare CSV reader. Options: --shipments N, --rounds N, --csv N.
/// </summary>
internal static class RateBench
{
    private const int Checked = 20_000;

    internal static int Run(string[] args)
    {
        var arguments = new Arguments(args);
        var (count, rounds, csv) = (arguments.Number("--shipments", 200_000), arguments.Number("--rounds", 7), arguments.Number("--csv", 1_000_000));
        var targets = new Targets();
        var version = Contract();
        var program = RateProgram.Compile(version);
        var plain = new PlainRules(version);
        ShipmentToRate[] shipments = [.. Enumerable.Range(0, count).Select(Shipment)];
        Targets.Say($"# rate: 300 lanes, 40 brackets, 12 surcharges; {count} shipments, best of {rounds} rounds each, one thread");
        Targets.Say($"baseline: rule objects in a list, decimal, dictionaries of lanes and prices, no trace, no sentences");
        Same(program, plain, new SlowRating(version), shipments);

        var lines = new RatedLine[program.LinesMax];
        var (trace, text) = (new RateSteps(), new TraceBuffer());
        long sum = 0, bytes = 0;
        void Plainly()
        {
            foreach (var s in shipments) sum += plain.Rate(s).Lines.Count;
        }
        void Compiled()
        {
            foreach (var s in shipments) sum += program.Rate(s, lines).TotalMinor;
        }
        void Traced()
        {
            foreach (var s in shipments)
            {
                sum += program.Rate(s, lines, trace).TotalMinor;
                sum += trace.Count;
            }
        }
        void Written()
        {
            foreach (var s in shipments)
            {
                if (!program.Rate(s, lines, trace).IsCharged) continue;
                trace.WriteTo(text);
                bytes += text.Length;
            }
        }
        void Answered()
        {
            foreach (var s in shipments) sum += RateOutcomes.Of(program, s, trace: true) is RateOutcome.Charged ? 1 : 0;
        }
        var best = Best(rounds, Plainly, Compiled, Traced, Written, Answered);
        double Nanoseconds(int which) => best[which].TotalNanoseconds / count;
        Targets.Say($"plain chain {Nanoseconds(0):0} ns, compiled {Nanoseconds(1):0} ns, with trace {Nanoseconds(2):0} ns (its steps, from which text, replay and sentences are made), and the trace written as canonical JSON {Nanoseconds(3):0} ns ({bytes / ((double)count * (rounds + 1)):0} bytes), and as a string with sentences in two languages {Nanoseconds(4):0} ns a shipment");
        targets.AtLeast("rate-without-trace", best[0] / best[1], 5);
        targets.AtLeast("rate-with-trace", best[0] / best[2], 2);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Compiled();
        targets.FigureAtMost("rate-allocated-bytes", GC.GetAllocatedBytesForCurrentThread() - before, 0);
        Csv(version, csv, Math.Min(rounds, 3), targets);
        return sum == long.MinValue ? 2 : targets.ExitCode;
    }

    // Rounds take turns, so that a busy moment of the machine hits both sides.
    private static TimeSpan[] Best(int rounds, params Action[] what)
    {
        var best = new TimeSpan[what.Length];
        for (var round = 0; round <= rounds; round++)
        {
            for (var i = 0; i < what.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                what[i]();
                var took = Stopwatch.GetElapsedTime(start);
                if (round == 1 || (round > 1 && took < best[i])) best[i] = took;   // the first round warms up
            }
        }
        return best;
    }

    private static void Same(RateProgram program, PlainRules plain, SlowRating slow, ShipmentToRate[] shipments)
    {
        var lines = new RatedLine[program.LinesMax];
        var refused = 0;
        for (var i = 0; i < shipments.Length; i++)
        {
            var result = program.Rate(shipments[i], lines);
            var chain = plain.Rate(shipments[i]);
            var said = result.IsCharged ? (result.TotalMinor / 100m).ToString("0.00", CultureInfo.InvariantCulture) : RefusalTexts.Code(result.Refusal);
            var saidPlainly = chain.Refused ?? chain.Total.ToString("0.00", CultureInfo.InvariantCulture);
            var saidSlowly = said;
            if (i < Checked)
            {
                var reference = slow.Rate(shipments[i]);
                saidSlowly = reference.Reason ?? reference.Total.ToString("0.00", CultureInfo.InvariantCulture);
            }
            if (said != saidPlainly || said != saidSlowly) throw new InvalidOperationException($"{shipments[i]}: compiled {said}, chain {saidPlainly}, reference {saidSlowly}");
            if (!result.IsCharged) refused++;
        }
        Targets.Say($"cent-equal: compiled and chain on {shipments.Length}, both and the slow reference on {Math.Min(Checked, shipments.Length)}; {refused} refused alike");
    }

    private static void Csv(ContractVersion version, int count, int rounds, Targets targets)
    {
        var folder = Directory.CreateTempSubdirectory("kal-rate-bench-");
        try
        {
            var (document, file) = (Path.Combine(folder.FullName, "contract.yaml"), Path.Combine(folder.FullName, "shipments.csv"));
            File.WriteAllText(document, ContractYaml.Write(version));
            using (var writer = new StreamWriter(file))
            {
                writer.WriteLine("waybill,service,origin,destination,accepted,weight_g,length_mm,width_mm,height_mm,declared_value,cod,marks");
                for (var i = 0; i < count; i++) writer.WriteLine(Row(Shipment(i)));
            }
            var opened = ContractOnFile.Open(document);
            if (!opened.IsOk) throw new InvalidOperationException(opened.Fault.Message);
            long fields = 0, rated = 0;
            void Bare()
            {
                using var stream = File.OpenRead(file);
                using var reader = CsvReader.Create(stream);
                while (reader.Read())
                {
                    for (var i = 0; i < reader.FieldCount; i++) fields += reader.GetString(i).Length;
                }
            }
            void Shipments()
            {
                using var stream = File.OpenRead(file);
                using var rows = ShipmentRows.Open(stream, 2).Value;
                while (rows.Next(out var row)) rated += row.Shipment is null ? 0 : 1;
            }
            void Rated()
            {
                using var stream = File.OpenRead(file);
                rated += RateFile.Run(opened.Value, stream, new RateFileOptions(true), TextWriter.Null, null, default).Value.Charged;
            }
            var best = Best(rounds, Bare, Shipments, Rated);
            Targets.Say($"csv, {count} shipments ({new FileInfo(file).Length / 1_048_576.0:0} MiB): bare reader, every field a string, {count / best[0].TotalSeconds:0} rows/s; read as shipments {count / best[1].TotalSeconds:0} rows/s; read, rated and written as JSON with sentences on {Environment.ProcessorCount} cores {count / best[2].TotalSeconds:0} rows/s");
            targets.AtLeast("rate-csv-beside-bare-reader", best[0] / best[2], 0.33);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Row(ShipmentToRate s)
    {
        var piece = s.Pieces[0];
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{s.Waybill},{s.Service},{s.Origin},{s.Destination},{s.Accepted!.Value.ToString("uuuu-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)},{piece.Weight.Grams:0.###},");
        text.Append(CultureInfo.InvariantCulture, $"{piece.Sides?.LengthMm},{piece.Sides?.WidthMm},{piece.Sides?.HeightMm},");
        text.Append(CultureInfo.InvariantCulture, $"{(s.DeclaredValueMinor is { } d ? d / 100m : null)},{(s.CodMinor is { } c ? c / 100m : null)},{string.Join(' ', s.Marks)}");
        return text.ToString();
    }

    private static ContractVersion Contract()
    {
        var lanes = new List<LaneZone>();
        for (var from = 10; from < 25; from++)
        {
            for (var to = 10; to < 30; to++) lanes.Add(new LaneZone(new Lane(to % 4 == 0 ? $"{from}00" : $"{from}*", $"{to}*"), $"z{(from + to) % 5}"));
        }
        ImmutableArray<Bracket> brackets = [.. Enumerable.Range(1, 40).Select(i => new Bracket(i == 40 ? null : Mass.FromGrams(i * 1_000), 6 + (i * 0.8m), i > 30 ? 0.35m : 0, RoundingReadOn.Total, null, 0))];
        PriceRule First(decimal first, decimal further) => new PriceRule.FirstFurther(first, Mass.FromKilograms(1), new FurtherRule(Mass.FromGrams(500), TierReadOn.Total, [new FurtherTier(null, further)]));
        var tariff = new TariffClause(
            new ChargeableWeightTerms(
                ClauseId.Parse("T-1"), [], Mass.FromKilograms(1), new WeightRounding.CeilStep(Mass.FromGrams(500)), RoundingReadOn.Excess, new VolumetricTerms(6_000, SideRounding.NearestCm, null, [])),
            new ZoneRule.ByLane([.. lanes]),
            [new ZoneRate(["z0"], First(8, 1)), new ZoneRate(["z1"], First(9.5m, 1.15m)), new ZoneRate(["z2"], First(7, 0.9m)), new ZoneRate(["z3", "z4"], new PriceRule.Brackets(brackets))],
            PieceRule.Together, null, AmountRounding.Cent);
        var china = DrawnContract.China;
        SurchargeClause Surcharge(int number, SurchargeWhen when, SurchargePrice price, LocalDate? from = null, LocalDate? until = null) =>
            new(ClauseId.Parse($"F-{number}"), when, price, [], from, until, china, AmountRounding.Cent);
        return DrawnContract.Plain(tariff) with
        {
            EffectiveFrom = Instant.FromUtc(2025, 12, 31, 16, 0),
            Discounts = [new DiscountClause(ClauseId.Parse("D-1"), 2, [], "pre_sorted", null, null, china)],
            Surcharges =
            [
                Surcharge(1, new SurchargeWhen.Always(), new SurchargePrice.PercentByDate([.. Enumerable.Range(1, 12).Select(m => new DatedPercent(new LocalDate(2026, m, 1), 3 + (m * 0.25m)))])),
                Surcharge(2, new SurchargeWhen.Remote(["25*", "26*"], LaneEnds.Destination), new SurchargePrice.PerKg(2)),
                Surcharge(3, new SurchargeWhen.Remote(["27*"], LaneEnds.Destination), new SurchargePrice.PerShipment(12)),
                Surcharge(4, new SurchargeWhen.Oversize(1_500, null, Mass.FromKilograms(40)), new SurchargePrice.PerShipment(15)),
                Surcharge(5, new SurchargeWhen.Always(), new SurchargePrice.PerShipment(0.5m), new LocalDate(2026, 11, 1), new LocalDate(2026, 11, 20)),
                Surcharge(6, new SurchargeWhen.Always(), new SurchargePrice.Percent(5), new LocalDate(2026, 2, 10), new LocalDate(2026, 2, 24)),
                Surcharge(7, new SurchargeWhen.Marked("sunday"), new SurchargePrice.PerShipment(3)),
                Surcharge(8, new SurchargeWhen.Marked("evening"), new SurchargePrice.PerShipment(2)),
                Surcharge(9, new SurchargeWhen.Marked("upstairs"), new SurchargePrice.PerKg(0.3m)),
                Surcharge(10, new SurchargeWhen.Remote(["28*", "29*"], LaneEnds.Destination), new SurchargePrice.Percent(8)),
                Surcharge(11, new SurchargeWhen.Oversize(800, null, null), new SurchargePrice.PerShipment(4)),
                Surcharge(12, new SurchargeWhen.Always(), new SurchargePrice.PerShipment(0.2m)),
            ],
            Insurance =
            [
                new InsuranceClause(ClauseId.Parse("I-1"), [], [new InsuranceRow(500, 1, 0, 0), new InsuranceRow(1_000, 2, 0, 0), new InsuranceRow(null, 0, 5, 0)], [], null, new AmountRounding(1, AmountRoundingMode.HalfUp)),
            ],
            Cod = new CodClause(ClauseId.Parse("C-1"), 5, 3, null, null, new RemitCycle.WorkingDays(1), new LocalTime(17, 0), AmountRounding.Cent),
        };
    }

    private static ShipmentToRate Shipment(int number)
    {
        var random = new Random(number);
        var grams = random.Next(10) == 0 ? 1 + random.Next(45_000) : 50 + random.Next(4_000);
        return new ShipmentToRate
        {
            Waybill = string.Create(CultureInfo.InvariantCulture, $"KAL2610{number:000000000}"),
            Service = "standard",
            Origin = string.Create(CultureInfo.InvariantCulture, $"{10 + random.Next(15)}00"),
            Destination = string.Create(CultureInfo.InvariantCulture, $"{10 + random.Next(20)}0{random.Next(10)}"),
            Accepted = Instant.FromUtc(2026, 1, 1, 0, 0) + Duration.FromMinutes(random.Next(525_000)),
            Pieces = [new PieceToRate(Mass.FromGrams(grams), random.Next(3) == 0 ? Dimensions.TryFromMillimetres(150 + random.Next(700), 100 + random.Next(300), 50 + random.Next(300)) : null)],
            DeclaredValueMinor = random.Next(5) == 0 ? 10_000 + random.Next(400_000) : null,
            CodMinor = random.Next(4) == 0 ? 2_000 + random.Next(60_000) : null,
            Marks = random.Next(6) switch { 0 => ["sunday"], 1 => ["pre_sorted"], 2 => ["pre_sorted", "evening"], _ => [] },
        };
    }
}
