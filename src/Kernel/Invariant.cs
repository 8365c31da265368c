using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace KeyAccountLogistics.Kernel;

/// <summary>
/// What must hold whatever the outside world does (law 12): stays on in Release and stops the unit of work. As opposed to bad input, which is a
/// <see cref="Fault"/>, and to a refusal, which is an answer.
/// </summary>
public static class Invariant
{
    /// <summary>Throws <see cref="InvariantBrokenException"/> unless <paramref name="condition"/> holds.</summary>
    public static void Holds([DoesNotReturnIf(false)] bool condition, string rule, [CallerArgumentExpression(nameof(condition))] string? expression = null)
    {
        if (!condition) throw new InvariantBrokenException(rule, expression);
    }
}

/// <summary>A programming error found at run time; nothing catches it but the host's outermost handler, which logs it and fails the call.</summary>
public sealed class InvariantBrokenException(string rule, string? expression) : Exception($"Invariant broken: {rule} ({expression})")
{
    /// <summary>The rule in words.</summary>
    public string Rule { get; } = rule;
}
