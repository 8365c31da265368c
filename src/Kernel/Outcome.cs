namespace KeyAccountLogistics.Kernel;

/// <summary>
/// What a use case gives back: a value, or the one <see cref="Fault"/> that stopped it. As opposed to a refusal, which is an ordinary value
/// (law 4), and to a broken <see cref="Invariant"/>, which throws.
/// </summary>
/// <typeparam name="T">The answer.</typeparam>
public readonly struct Outcome<T>
{
    private readonly T? _value;
    private readonly Fault? _fault;
    private readonly bool _set;

    private Outcome(T? value, Fault? fault) => (_value, _fault, _set) = (value, fault, true);

    /// <summary>True when there is a value. A default Outcome is neither and throws when asked.</summary>
    public bool IsOk => _set ? _fault is null : throw new InvalidOperationException("An Outcome was never given a value or a fault.");

    /// <summary>The value; throws <see cref="InvalidOperationException"/> when there is a fault.</summary>
    public T Value => IsOk ? _value! : throw new InvalidOperationException($"No value: {_fault}");

    /// <summary>The fault; throws <see cref="InvalidOperationException"/> when there is a value.</summary>
    public Fault Fault => IsOk ? throw new InvalidOperationException("There is no fault.") : _fault!;

    /// <summary>A success.</summary>
    public static Outcome<T> Ok(T value) => new(value, null);

    /// <summary>A failure.</summary>
    public static Outcome<T> Failed(Fault fault) => new(default, fault ?? throw new ArgumentNullException(nameof(fault)));

    /// <summary>A value is a success.</summary>
    public static implicit operator Outcome<T>(T value) => Ok(value);

    /// <summary>A fault is a failure.</summary>
    public static implicit operator Outcome<T>(Fault fault) => Failed(fault);

    /// <summary>One of two functions, by what happened.</summary>
    public TOut Match<TOut>(Func<T, TOut> ok, Func<Fault, TOut> failed) => IsOk ? ok(_value!) : failed(_fault!);
}

/// <summary>
/// Why a use case could not run: a closed set, mapped once to an RPC status (Server) and once to an exit code (Cli).
/// The code is for programs (<c>parcel.unknown</c>), the message for people: what happened, to what, why, what to do.
/// </summary>
public abstract record Fault
{
    private Fault(string code, string message) => (Code, Message) = (code, message);

    /// <summary>Stable, for programs.</summary>
    public string Code { get; }

    /// <summary>One sentence or two, for people.</summary>
    public string Message { get; }

    /// <summary>The thing named does not exist, or not for this caller.</summary>
    public sealed record NotFound(string Code, string Message) : Fault(Code, Message);

    /// <summary>The request contradicts the present state.</summary>
    public sealed record Conflict(string Code, string Message) : Fault(Code, Message);

    /// <summary>The request itself is wrong; <paramref name="Field"/> is the path of the offending field.</summary>
    public sealed record Invalid(string Field, string Code, string Message) : Fault(Code, Message);

    /// <summary>The caller is known but may not do this.</summary>
    public sealed record Forbidden(string Code, string Message) : Fault(Code, Message);

    /// <summary>A limit is reached (law 10).</summary>
    public sealed record Exhausted(string Code, string Message) : Fault(Code, Message);

    /// <summary>Not now: try again.</summary>
    public sealed record Unavailable(string Code, string Message) : Fault(Code, Message);
}
