using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Dispatch.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Dispatch.Acting;

/// <summary>The module's acts by RPC (<see cref="ServerActs"/>), and how what they are given is looked at.</summary>
internal sealed class DispatchActs(ServerActs acts, DispatchDb db)
{
    private const int TextMax = 120;

    internal Caller Caller => acts.Caller;

    internal DispatchDb Db => db;

    /// <summary>Runs the work in the command's transaction, with the module's context in it.</summary>
    internal Task<Outcome<TReply>> RunAsync<TReply>(
        ByteString commandId, string rpc, IMessage request, MessageParser<TReply> parser, Func<WriteTransaction, CancellationToken, Task<Outcome<TReply>>> work, CancellationToken ct)
        where TReply : IMessage<TReply> => acts.RunAsync(db, commandId, rpc, request, parser, work, ct);

    /// <summary>Null when the caller may act at that depot.</summary>
    internal Fault? WhyNotAt(string depot) => acts.WhyNotAt("depot", depot);

    /// <summary>Null when each of the texts is there and fit to be kept.</summary>
    internal static Fault? Missing(params ReadOnlySpan<(string Field, string Text)> fields)
    {
        foreach (var (field, text) in fields)
        {
            if (string.IsNullOrWhiteSpace(text)) return new Fault.Invalid(field, "field.missing", $"The {field} is missing.");
            if (Malformed(field, text) is { } wrong) return wrong;
        }
        return null;
    }

    /// <summary>Null when the text is fit to be kept; it may be empty.</summary>
    internal static Fault? Malformed(string field, string text) => text.Length > TextMax || text.Any(char.IsControl)
        ? new Fault.Invalid(field, "field.malformed", $"The {field} is longer than {TextMax} characters or holds control characters.")
        : null;

    internal Task<Fault?> AppendAsync(WriteTransaction transaction, IReadOnlyList<ParcelEvent> events, CancellationToken ct) => acts.AppendAsync(transaction, events, ct);
}

/// <summary>A page of a list: where it begins and how long it is.</summary>
internal readonly record struct PageAsked(int Skip, int Size)
{
    internal static readonly Fault.Invalid Wrong = new("page_token", "page.unknown", "The page token is not one of this list; begin again without it.");

    internal static Outcome<PageAsked> Read(int size, string token, int usual, int max) =>
        token.Length == 0 ? new PageAsked(0, size <= 0 ? usual : Math.Min(size, max))
        : int.TryParse(token, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var skip) ? new PageAsked(skip, size <= 0 ? usual : Math.Min(size, max))
        : Wrong;

    /// <summary>One row more than the page was asked for: there is another page.</summary>
    internal string Next(int found) => found > Size ? (Skip + Size).ToString(System.Globalization.CultureInfo.InvariantCulture) : "";
}
