using System.Globalization;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Acting;
using KeyAccountLogistics.Cases.Storage;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Cases.Reading;

/// <summary>Cases by kind, state, account, owner and what is due; newest first, in pages that stay put while new ones come.</summary>
internal sealed class ListCases(CasesDb db)
{
    private const int PageMax = 200;
    private const int PageUsual = 50;

    internal async Task<Outcome<ListCasesReply>> RunAsync(ListCasesRequest ask, CancellationToken ct)
    {
        foreach (var (field, text) in new[] { ("kind", ask.Kind), ("state", ask.State), ("account", ask.Account), ("owner", ask.Owner), ("page_token", ask.PageToken) })
        {
            if (FreeText.FlawOf(field, text, needed: false) is { } flaw) return flaw;
        }
        var cases = Filter(db.Cases.AsNoTracking(), ask);
        if (ask.PageToken.Length > 0)
        {
            if (ask.PageToken.Split('.', 2) is not [var openedText, var id] || !long.TryParse(openedText, NumberStyles.None, CultureInfo.InvariantCulture, out var opened))
                return new Fault.Invalid("page_token", "page.malformed", "The page token is not one that this list gave out.");
            cases = cases.Where(c => c.OpenedUs < opened || (c.OpenedUs == opened && string.Compare(c.Id, id) < 0));
        }
        var size = ask.PageSize <= 0 ? PageUsual : Math.Min(ask.PageSize, PageMax);
        var rows = await cases.OrderByDescending(c => c.OpenedUs).ThenByDescending(c => c.Id).Take(size + 1).ToListAsync(ct);
        var reply = new ListCasesReply { Cases = { rows.Take(size).Select(CaseColumns.Summary) } };
        if (rows.Count > size) reply.NextPageToken = string.Create(CultureInfo.InvariantCulture, $"{rows[size - 1].OpenedUs}.{rows[size - 1].Id}");
        return reply;
    }

    private static IQueryable<CaseRow> Filter(IQueryable<CaseRow> cases, ListCasesRequest ask)
    {
        if (ask.Kind.Length > 0) cases = cases.Where(c => c.Kind == ask.Kind);
        if (ask.State.Length > 0) cases = cases.Where(c => c.State == ask.State || c.Stage == ask.State);
        if (ask.Account.Length > 0) cases = cases.Where(c => c.Account == ask.Account);
        if (ask.Owner.Length > 0) cases = cases.Where(c => c.Owner == ask.Owner);
        if (ask.DueBeforeUs != 0) cases = cases.Where(c => c.DueUs < ask.DueBeforeUs);
        return cases;
    }
}
