using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using Grpc.Core.Interceptors;
using Grpc.Net.Compression;

namespace Grpc.AspNetCore.Server;

/// <summary>How services are served: for all through <c>AddGrpc</c>, for one through <c>AddServiceOptions</c>. Read when a service is mapped.</summary>
public class GrpcServiceOptions
{
    internal const int DefaultReceiveMaxMessageSize = 4 * 1024 * 1024;

    private int? _maxReceiveMessageSize = DefaultReceiveMaxMessageSize;
    private int? _maxSendMessageSize;

    /// <summary>The largest response in bytes, before compression; null for no limit, which is the default.</summary>
    public int? MaxSendMessageSize
    {
        get => _maxSendMessageSize;
        set
        {
            _maxSendMessageSize = value;
            MaxSendMessageSizeSpecified = true;
        }
    }

    /// <summary>The largest request in bytes, after decompression; null for no limit. 4 MiB by default.</summary>
    public int? MaxReceiveMessageSize
    {
        get => _maxReceiveMessageSize;
        set
        {
            _maxReceiveMessageSize = value;
            MaxReceiveMessageSizeSpecified = true;
        }
    }

    /// <summary>Whether clients are told the text of exceptions in handlers. Off by default: it may say what is nobody's business.</summary>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary>The encoding of responses, such as <c>gzip</c>, for clients that accept it; null for none.</summary>
    public string? ResponseCompressionAlgorithm { get; set; }

    /// <summary>The level of compression; null for the provider's own.</summary>
    public CompressionLevel? ResponseCompressionLevel { get; set; }

    /// <summary>The encodings offered; gzip by default.</summary>
    public IList<ICompressionProvider> CompressionProviders { get; set; } = [.. MessageCompression.Default];

    /// <summary>Interceptors around every call, the first outermost.</summary>
    public InterceptorCollection Interceptors { get; } = [];

    /// <summary>True leaves calls of services that are not mapped to the rest of the application; by default they are answered UNIMPLEMENTED.</summary>
    public bool? IgnoreUnknownServices { get; set; }

    internal bool MaxSendMessageSizeSpecified { get; private set; }

    internal bool MaxReceiveMessageSizeSpecified { get; private set; }
}

/// <summary>Options of one service; what is not set follows the general options, and its interceptors run inside the general ones.</summary>
/// <typeparam name="TService">The service.</typeparam>
[SuppressMessage("Major Code Smell", "S2326", Justification = "The type names the options.")]
public class GrpcServiceOptions<TService> : GrpcServiceOptions where TService : class
{
}

/// <summary>An interceptor type with the constructor arguments that do not come from the services.</summary>
public class InterceptorRegistration
{
    private readonly object[] _arguments;

    internal InterceptorRegistration([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type, object[] arguments)
    {
        Type = type;
        _arguments = arguments;
    }

    /// <summary>The interceptor.</summary>
    public Type Type { get; }

    /// <summary>Its own arguments.</summary>
    public IReadOnlyList<object> Arguments => _arguments;

    internal object[] ArgumentArray => _arguments;
}

/// <summary>Interceptors in order, the first outermost.</summary>
public class InterceptorCollection : IEnumerable<InterceptorRegistration>
{
    private readonly List<InterceptorRegistration> _registrations = [];

    /// <summary>Number of interceptors.</summary>
    public int Count => _registrations.Count;

    /// <summary>Adds an interceptor, made per call from the services and the arguments.</summary>
    public void Add<TInterceptor>(params object[] args) where TInterceptor : Interceptor => Add(typeof(TInterceptor), args);

    /// <summary>Adds an interceptor, made per call from the services and the arguments.</summary>
    public void Add(Type interceptorType, params object[] args)
    {
        ArgumentNullException.ThrowIfNull(interceptorType);
        ArgumentNullException.ThrowIfNull(args);
        if (!typeof(Interceptor).IsAssignableFrom(interceptorType)) throw new ArgumentException($"{interceptorType} is not an {nameof(Interceptor)}.", nameof(interceptorType));
        _registrations.Add(new InterceptorRegistration(interceptorType, args));
    }

    /// <inheritdoc/>
    public IEnumerator<InterceptorRegistration> GetEnumerator() => _registrations.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
