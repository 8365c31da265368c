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
        if (reader.Read(1, 1) is not [var first]) return 0;
        try
        {
            return ParcelEvent.Parser.ParseFrom(first.Body).CapturedAtUs;
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            return 0;
        }
    }
}
