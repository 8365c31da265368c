using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using KeyAccountLogistics.Simulation.World;

namespace KeyAccountLogistics.Simulation.Checks;

/// <summary>The day's books as one hash: the same seed gives the same. Ids that the server draws are left out, people stand under their names.</summary>
internal static class Books
{
    internal static async Task<string> HashAsync(Day day)
    {
        var rows = await Rows.ReadAsync(day.Backend.Database);
        var names = day.Backend.Names;
        string Who(string id) => names.GetValueOrDefault(id, id);
        var phones = day.Couriers.SelectMany(c => c.Phones).SelectMany(p => p.Facts).Select(f => f.Id).Concat(day.Agent.Facts.Select(f => f.Id)).ToHashSet();
        List<string> lines =
        [
            // In the order of the journal: what came first stands first.
            .. rows.Journal.Select(r => Text($"journal {(phones.Contains(r.Id) ? r.Id.ToString("N") : "server")} {r.Kind} {r.EarliestUs} {r.BestUs} {r.LatestUs}")),
            .. rows.Refused.Select(r => Text($"refused {r.Id:N} {Who(r.Courier)} {r.Device}")),
            .. rows.Postings.Select(p => Text($"line {p.OriginKind} {p.Ledger} {Who(p.Owner)} {p.Minor} {p.Parcel} {p.Purpose}")).Order(StringComparer.Ordinal),
            .. rows.Balances.Select(b => Text($"balance {b.Ledger} {Who(b.Owner)} {b.Minor}")).Order(StringComparer.Ordinal),
            .. rows.Parcels.Select(p => Text($"parcel {p.Code} {p.Stage} {p.CustodianKind} {Who(p.Custodian)}")).Order(StringComparer.Ordinal),
            .. rows.Sheets.Select(t => Text($"sheet {t.Number} {Who(t.Courier)} {t.State} {t.WentOut}")),
            .. rows.Orders.Select(o => Text($"order {o.Phase} {o.Taken}")).Order(StringComparer.Ordinal),
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
    }

    private static string Text(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
