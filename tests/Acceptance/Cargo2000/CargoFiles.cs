using System.Globalization;
using System.Text;
using CsvHelper;
using NodaTime;
using NodaTime.Text;

namespace KeyAccountLogistics.Acceptance.Cargo2000;

/// <summary>
/// The shipments of data/cargo2000 as the two canonical files. Every leg is a shipment whose milestones are gates: received (RCS), and for each hop departed (DEP) and arrived (RCF), at last
/// delivered (DLV), planned as so many minutes each; what they took are its events. A whole chain is a shipment too, without milestones: promised after the longest of the planned
/// incoming legs and the outgoing one, delivered after the longest of the effective ones. Only minutes are known: chains begin an hour apart.
/// </summary>
internal static class CargoFiles
{
    internal const string Legs = "CARGO-LEGS";
    internal const string Chains = "CARGO-CHAINS";
    private const string ShipmentsHeader = Olist.OlistFiles.ShipmentsHeader;
    private static readonly string[] LegNames = ["i1", "i2", "i3", "o"];
    private static readonly Instant Start = Instant.FromUtc(2012, 1, 1, 0, 0);

    internal static (string Shipments, string Events) Convert(string folder)
    {
        var (shipments, events) = (new StringBuilder(ShipmentsHeader.TrimEnd() + ",gates\n"), new StringBuilder(Olist.OlistFiles.EventsHeader));
        using var reader = CsvReader.FromFile(Path.Combine(folder, "c2k_data_comma.csv"));
        for (var number = 0; reader.Read(); number++)
        {
            var row = reader.Headers.Select((name, i) => (name, value: int.Parse(reader.GetString(i), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))).ToDictionary(static f => f.name, static f => f.value, StringComparer.Ordinal);
            var begins = Start + Duration.FromHours(number);
            var (incoming, outgoing) = ((Planned: 0, Effective: 0), (Planned: 0, Effective: 0));
            foreach (var leg in LegNames.Where(l => row[l + "_hops"] > 0))
            {
                var sums = Leg(shipments, events, FormattableString.Invariant($"C2K{number:000000}{leg.ToUpperInvariant()}"), begins, row, leg);
                if (leg is "o") outgoing = sums;
                else incoming = (Math.Max(incoming.Planned, sums.Planned), Math.Max(incoming.Effective, sums.Effective));
            }
            var chain = FormattableString.Invariant($"C2K{number:000000}ALL");
            Shipment(shipments, chain, Chains, begins, incoming.Planned + outgoing.Planned, "");
            Event(events, chain, "delivered", begins, incoming.Effective + outgoing.Effective, 1);
        }
        return (shipments.ToString(), events.ToString());
    }

    private static (int Planned, int Effective) Leg(StringBuilder shipments, StringBuilder events, string waybill, Instant begins, Dictionary<string, int> row, string leg)
    {
        var (planned, effective) = (0, 0);
        var gates = new List<string>();
        Milestone("rcs", "accepted_at_depot", 1);
        for (var hop = 1; hop <= row[leg + "_hops"]; hop++)
        {
            Milestone(FormattableString.Invariant($"dep_{hop}"), "departed_node", hop);
            Milestone(FormattableString.Invariant($"rcf_{hop}"), "arrived_node", hop);
        }
        Milestone("dlv", "delivered", 1);
        Shipment(shipments, waybill, Legs, begins, planned, string.Join(';', gates));
        return (planned, effective);

        void Milestone(string name, string kind, int number)
        {
            planned += row[$"{leg}_{name}_p"];
            effective += row[$"{leg}_{name}_e"];
            gates.Add($"{kind}{(number > 1 ? "#" + number.ToString(CultureInfo.InvariantCulture) : "")}={Time(begins, planned)}");
            Event(events, waybill, kind, begins, effective, number);
        }
    }

    private static void Shipment(StringBuilder shipments, string waybill, string account, Instant begins, int minutes, string gates) =>
        shipments.AppendLine(CultureInfo.InvariantCulture, $"{waybill},{account},FREIGHT,,,{Time(begins, 0)},{Time(begins, minutes)},,,,,,,,,{gates}");

    private static void Event(StringBuilder events, string waybill, string kind, Instant begins, int minutes, int number)
    {
        var at = Time(begins, minutes);
        events.AppendLine(CultureInfo.InvariantCulture, $"{waybill}:{kind}:{number},{waybill},{kind},{at},{at},,,,,,");
    }

    private static string Time(Instant begins, int minutes) => InstantPattern.General.Format(begins + Duration.FromMinutes(minutes));
}
