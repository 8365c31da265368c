using System.Collections;
using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;

namespace Grpc.AspNetCore.HealthChecks;

/// <summary>Which of the application's health checks make up which service of grpc.health.v1.</summary>
public sealed class GrpcHealthChecksOptions
{
    /// <summary>The services; by default only the empty name, the whole server, with all checks.</summary>
    public ServiceMappingCollection Services { get; } = [];

    /// <summary>Whether <c>Check</c> answers from the last published report instead of running the checks.</summary>
    public bool UseHealthChecksCache { get; set; }
}

/// <summary>A health check, as a mapping sees it.</summary>
public sealed class HealthCheckMapContext
{
    internal HealthCheckMapContext(string name, IEnumerable<string> tags)
    {
        Name = name;
        Tags = tags;
    }

    /// <summary>The check's name.</summary>
    public string Name { get; }

    /// <summary>The check's tags.</summary>
    public IEnumerable<string> Tags { get; }
}

/// <summary>A service and the checks that make up its health.</summary>
/// <param name="name">The service's name; empty for the whole server.</param>
/// <param name="predicate">Which checks count.</param>
public sealed class ServiceMapping(string name, Func<HealthCheckMapContext, bool> predicate)
{
    /// <summary>The service's name.</summary>
    public string Name { get; } = name ?? throw new ArgumentNullException(nameof(name));

    /// <summary>Which checks count.</summary>
    public Func<HealthCheckMapContext, bool> HealthCheckPredicate { get; } = predicate ?? throw new ArgumentNullException(nameof(predicate));
}

/// <summary>Services by name.</summary>
public sealed class ServiceMappingCollection : IEnumerable<ServiceMapping>
{
    private readonly Mappings _mappings = [];

    /// <summary>Maps a service to the checks that a predicate names, in place of what it was mapped to.</summary>
    public void Map(string name, Func<HealthCheckMapContext, bool> predicate)
    {
        _mappings.Remove(name);
        _mappings.Add(new ServiceMapping(name, predicate));
    }

    /// <summary>Adds a mapping; throws <see cref="ArgumentException"/> if the service has one.</summary>
    public void Add(ServiceMapping service) => _mappings.Add(service);

    /// <summary>Removes a service.</summary>
    public void Remove(string name) => _mappings.Remove(name);

    /// <summary>Removes all services.</summary>
    public void Clear() => _mappings.Clear();

    /// <inheritdoc/>
    public IEnumerator<ServiceMapping> GetEnumerator() => _mappings.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal bool TryGet(string name, [NotNullWhen(true)] out ServiceMapping? mapping) => _mappings.TryGetValue(name, out mapping);

    private sealed class Mappings : KeyedCollection<string, ServiceMapping>
    {
        internal Mappings() : base(StringComparer.Ordinal)
        {
        }

        protected override string GetKeyForItem(ServiceMapping item) => item.Name;
    }
}
