using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.EdgeAgent.Journal;

namespace KeyAccountLogistics.EdgeAgent.Uplink;

/// <summary>How long the backend has been without news: the capture time of the oldest event it has not acknowledged.</summary>
internal static class OldestUnsent
{
    /// <summary>Microseconds since 1970 by the agent's clock; 0 when everything is acknowledged.</summary>
    public static long Micros(CaptureJournal journal)
    {
        if (journal.Unsent() is not [var oldest, ..]) return 0;
        using var reader = new JournalReader(journal, oldest.Boot, oldest.First);
        return reader.Read(1, 1) is [var first] ? ParcelEvent.Parser.ParseFrom(first.Body).CapturedAtUs : 0;
    }
}
