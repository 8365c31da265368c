using Google.Protobuf;
using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Contracts.InForce;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Reading;
using KeyAccountLogistics.Contracts.Storage;
using KeyAccountLogistics.Contracts.Versions;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Contracts.Keeping;

/// <summary>
/// An empty installation takes in the documents of a folder, once: their accounts by code and name, their versions as drafts. A document with a mistake is told and left out.
/// </summary>
internal sealed class ImportAtStart(ContractsOptions options, IServiceScopeFactory scopes, ILogger<ImportAtStart> log) : IHostedService
{
    private const string Counter = "imported";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.ImportFolder is not { } folder) return;
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<ICallerScope>().Set(Caller.System);
        var (gate, db) = (scope.ServiceProvider.GetRequiredService<IWriteGate>(), scope.ServiceProvider.GetRequiredService<ContractsDb>());
        var (import, acts) = (scope.ServiceProvider.GetRequiredService<ImportDocument>(), scope.ServiceProvider.GetRequiredService<Acting.ContractActs>());
        var done = await gate.RunAsync<bool>(
            async (transaction, ct) =>
            {
                db.ChangeTracker.Clear();
                await transaction.EnlistAsync(db, ct);
                // Of servers that start together one makes the row, and the others wait here for it.
                if (await db.Database.ExecuteSqlRawAsync($"INSERT INTO contracts_counter(name, last) VALUES ('{Counter}', 1) ON CONFLICT(name) DO NOTHING", ct) == 0 || await db.Contracts.AnyAsync(ct)) return true;
                foreach (var file in Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal)) await TakeInAsync(file, import, acts, ct);
                return true;
            },
            cancellationToken);
        Invariant.Holds(done.IsOk, "taking in documents tells mistakes and faults none");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task TakeInAsync(string file, ImportDocument import, Acting.ContractActs acts, CancellationToken ct)
    {
        var name = Path.GetFileName(file);
        ContractTextReading reading;
        try
        {
            reading = ContractText.Read(DocumentFile.Read(file), table => DocumentFile.Beside(file, table));
        }
        catch (IOException e)
        {
            InForceLog.NotImported(log, name, e.Message);
            return;
        }
        if (!reading.Mistakes.IsEmpty)
        {
            InForceLog.NotImported(log, name, string.Join(Environment.NewLine, reading.Mistakes));
            return;
        }
        foreach (var version in reading.Versions)
        {
            if (!await acts.Db.Accounts.AnyAsync(a => a.Account == version.Account, ct))
            {
                acts.Db.Accounts.Add(new AccountRow
                {
                    Account = version.Account, NameZh = version.NameZh, NameEn = version.NameEn, Grade = "C", Ownership = "private", Scope = (int)ContractScope.Local, Owner = acts.Caller.Id,
                    CreditLimitMinor = CreditLimits.UsualMinor("private"), CreditCurrency = "CNY", Record = new AccountRecord().ToByteArray(), CreatedUs = acts.Now.ToUnixMicros(),
                });
                acts.Db.Owners.Add(new OwnerRow { Account = version.Account, Seq = 1, Person = acts.Caller.Id, SinceUs = acts.Now.ToUnixMicros(), Reason = "first owner", HandedOver = "", ChangedBy = acts.Caller.Id });
                await acts.NoteAsync(version.Account, "created", name, ct);
                await acts.Db.SaveChangesAsync(ct);
            }
            var kept = await import.KeepAsync(version, ct);
            if (!kept.IsOk)
            {
                acts.Db.ChangeTracker.Clear();
                InForceLog.NotImported(log, name, kept.Fault.Message);
                return;
            }
            await acts.Db.SaveChangesAsync(ct);
        }
        InForceLog.Imported(log, name, reading.Versions[0].Contract);
    }
}
