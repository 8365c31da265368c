using System.Collections.Immutable;
using System.Globalization;
using KeyAccountLogistics.Verdicts.Terms.Documents;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace KeyAccountLogistics.Contracts.Reading;

/// <summary>
/// Turns YAML into the documents that <see cref="AccountTermsReader"/> understands, keeping lines and columns. Events rather than an object mapping:
/// repeated keys stay visible, nothing is instantiated by name, and anchors, which could unfold without end, are refused.
/// </summary>
internal static class TermsYaml
{
    internal const int DocumentsMax = 100;
    private const int NodesMax = 100_000;
    private const int DepthMax = 16;

    /// <summary>The documents of a file, or the one mistake that stops YAML from being read.</summary>
    internal static (ImmutableArray<TermsNode> Documents, TermsMistake? Mistake) Read(string text)
    {
        var documents = ImmutableArray.CreateBuilder<TermsNode>();
        try
        {
            var events = new Events(new Parser(new Scanner(new StringReader(text), skipComments: true)));
            events.Take<StreamStart>();
            while (events.TryTake<DocumentStart>())
            {
                if (documents.Count == DocumentsMax) return ([], new TermsMistake("", events.Mark, $"has more than {Number(DocumentsMax)} documents; split the file."));
                documents.Add(events.Node(DepthMax));
                events.Take<DocumentEnd>();
            }
            return (documents.ToImmutable(), null);
        }
        catch (YamlException broken)
        {
            return ([], new TermsMistake("", MarkOf(broken.Start), $"is not YAML that can be read: {broken.Message}"));
        }
        catch (NotReadableException broken)
        {
            return ([], broken.Mistake);
        }
    }

    private static TermsMark MarkOf(Mark mark) => new((int)Math.Min(mark.Line, int.MaxValue), (int)Math.Min(mark.Column, int.MaxValue));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class NotReadableException(TermsMistake mistake) : Exception(mistake.Message)
    {
        internal TermsMistake Mistake { get; } = mistake;
    }

    private sealed class Events
    {
        private readonly IParser _parser;
        private int _nodes;

        internal Events(IParser parser)
        {
            _parser = parser;
            Move();
        }

        internal TermsMark? Mark => _parser.Current is { } current ? MarkOf(current.Start) : null;

        // The scanner of YamlDotNet 16.3 gives up on some broken flow maps ({mode: CeilStep, read_o{l}) with exceptions of its own making.
        private void Move()
        {
            var mark = Mark;
            try
            {
                _parser.MoveNext();
            }
            catch (Exception broken) when (broken is InvalidOperationException or ArgumentException or IndexOutOfRangeException or NullReferenceException)
            {
                throw new NotReadableException(new TermsMistake("", mark, "is not YAML that can be read from here on: a bracket or quote is probably not closed."));
            }
        }

        internal void Take<T>()
            where T : ParsingEvent
        {
            if (!TryTake<T>()) throw NotReadable("is not YAML that can be read: something is not closed, or stands where nothing is expected.");
        }

        internal bool TryTake<T>()
            where T : ParsingEvent
        {
            if (_parser.Current is not T) return false;
            Move();
            return true;
        }

        internal TermsNode Node(int depth)
        {
            if (depth == 0) throw NotReadable($"is nested more than {Number(DepthMax)} deep.");
            if (++_nodes > NodesMax) throw NotReadable($"has more than {Number(NodesMax)} values.");
            if (_parser.Current is AnchorAlias or NodeEvent { Anchor.IsEmpty: false }) throw NotReadable("uses an anchor (& or *); write the value out.");
            if (_parser.Current is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } }) throw NotReadable("uses a tag (!); leave it out.");
            var mark = Mark;
            switch (_parser.Current)
            {
                case Scalar scalar:
                    Move();
                    return new TermsNode.Text(scalar is { Style: ScalarStyle.Plain, Value: "~" or "null" } ? "" : scalar.Value, mark);
                case SequenceStart:
                    Move();
                    var items = ImmutableArray.CreateBuilder<TermsNode>();
                    while (!TryTake<SequenceEnd>()) items.Add(Node(depth - 1));
                    return new TermsNode.List(items.ToImmutable(), mark);
                case MappingStart:
                    Move();
                    var entries = ImmutableArray.CreateBuilder<TermsEntry>();
                    while (!TryTake<MappingEnd>()) entries.Add(Entry(depth - 1));
                    return new TermsNode.Map(entries.ToImmutable(), mark);
                default:
                    throw NotReadable("is not YAML that can be read: a value is missing.");
            }
        }

        private TermsEntry Entry(int depth)
        {
            var mark = Mark;
            return Node(depth) is TermsNode.Text key
                ? new TermsEntry(key.Value, mark, Node(depth))
                : throw new NotReadableException(new TermsMistake("", mark, "has a map or a list as a key; a key is a word."));
        }

        private NotReadableException NotReadable(string message) => new(new TermsMistake("", Mark, message));
    }
}
