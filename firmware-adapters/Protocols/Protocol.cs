using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Protocols;

/// <summary>What kind of device speaks a protocol.</summary>
public enum DeviceKind : byte
{
    /// <summary>Gives <see cref="WeightReading"/>s.</summary>
    Scale,

    /// <summary>Gives <see cref="ScanReading"/>s.</summary>
    Scanner,
}

/// <summary>Who speaks first, and what silence therefore means.</summary>
public enum Talk : byte
{
    /// <summary>The device repeats itself; silence is a fault.</summary>
    Stream,

    /// <summary>The device answers; three unanswered polls are silence.</summary>
    Poll,

    /// <summary>The device speaks when something happens; silence means nothing.</summary>
    OnEvent,
}

/// <summary>When and what to ask a device that answers. The next poll waits for the answer, or for <paramref name="AnswerWithin"/>.</summary>
/// <param name="Command">The bytes.</param>
/// <param name="Interval">Shortest time from one poll to the next.</param>
/// <param name="AnswerWithin">After this time a poll counts as unanswered.</param>
public sealed record PollPlan(ReadOnlyMemory<byte> Command, TimeSpan Interval, TimeSpan AnswerWithin);

/// <summary>The commands a device takes; null where its protocol has none.</summary>
public sealed record CommandSet
{
    /// <summary>Sent once after opening, and again while the device stays silent: starts a stream.</summary>
    public ReadOnlyMemory<byte>? Start { get; init; }

    /// <summary>Set to zero.</summary>
    public ReadOnlyMemory<byte>? Zero { get; init; }

    /// <summary>Take the load as tare.</summary>
    public ReadOnlyMemory<byte>? Tare { get; init; }

    /// <summary>Forget the tare.</summary>
    public ReadOnlyMemory<byte>? ClearTare { get; init; }

    /// <summary>Print.</summary>
    public ReadOnlyMemory<byte>? Print { get; init; }

    /// <summary>Cancel what is running and reset the conversation.</summary>
    public ReadOnlyMemory<byte>? Cancel { get; init; }

    /// <summary>Start reading, as the trigger of a scanner does.</summary>
    public ReadOnlyMemory<byte>? Trigger { get; init; }

    /// <summary>Stop reading.</summary>
    public ReadOnlyMemory<byte>? Untrigger { get; init; }

    /// <summary>Ask who is there; only a positive answer identifies a device.</summary>
    public ReadOnlyMemory<byte>? Identify { get; init; }

    /// <summary>No commands at all.</summary>
    public static CommandSet None { get; } = new();
}

/// <summary>One device as its protocol wants to be spoken to with the given settings; made by <see cref="Protocol.Configure"/>.</summary>
/// <param name="Talk">Who speaks first.</param>
/// <param name="Poll">The poll, where <paramref name="Talk"/> is <see cref="Talk.Poll"/>.</param>
/// <param name="Commands">The commands.</param>
/// <param name="NewDecoder">A new decoder for one line.</param>
public sealed record Dialect(Talk Talk, PollPlan? Poll, CommandSet Commands, Func<IDecoder> NewDecoder);

/// <summary>
/// A protocol by the id that configuration files and <c>kal decode --protocol</c> use. <paramref name="Configure"/> checks the settings and throws
/// <see cref="ProtocolSettingsException"/> naming the wrong one.
/// </summary>
/// <param name="Id">Stable id, as in the captures file.</param>
/// <param name="Title">For people.</param>
/// <param name="Kind">Scale or scanner.</param>
/// <param name="Line">The usual line settings.</param>
/// <param name="Options">Settings it understands besides the unit, each with its meaning.</param>
/// <param name="Configure">Settings to dialect.</param>
public sealed record Protocol(
    string Id, string Title, DeviceKind Kind, LineSettings Line, IReadOnlyDictionary<string, string> Options, Func<ProtocolSettings, Dialect> Configure);
