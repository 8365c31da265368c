using System.Collections.Frozen;
using System.Reflection;
using Google.Protobuf.Reflection;
using KeyAccountLogistics.Api.Access.V1;
using KeyAccountLogistics.Server.Hosting;

namespace KeyAccountLogistics.Server.Access;

/// <summary>Which permission each RPC demands, as its descriptor says. There is no other list.</summary>
internal sealed class RequiredPermissions
{
    /// <summary>The standard health service is not ours to put options on; it tells nobody's business.</summary>
    internal const string HealthPrefix = "/grpc.health.v1.Health/";

    private readonly FrozenDictionary<string, Permission> _byMethod;

    internal RequiredPermissions(IEnumerable<ServiceDescriptor> services) => _byMethod = services
        .SelectMany(service => service.Methods)
        .ToFrozenDictionary(method => $"/{method.Service.FullName}/{method.Name}", Read, StringComparer.Ordinal);

    internal static RequiredPermissions OfApi { get; } = new(ServicesOfApi());

    /// <summary>Unspecified for a method whose descriptor says nothing.</summary>
    internal Permission Of(string method) =>
        method.StartsWith(HealthPrefix, StringComparison.Ordinal) ? Permission.Anyone : _byMethod.GetValueOrDefault(method, Permission.Unspecified);

    /// <summary>Stops the start when a mapped method forgot to say what it demands (law 11).</summary>
    internal void DemandAll(IEnumerable<string> mapped)
    {
        var silent = mapped.Where(method => Of(method) == Permission.Unspecified).Order(StringComparer.Ordinal).ToArray();
        if (silent.Length > 0)
            throw new StartupException($"These RPCs do not say which permission they demand: {string.Join(", ", silent)}. Add the option (kal.access.v1.requires) to the proto.");
    }

    /// <summary>Every service of the product's protos, from the generated descriptors.</summary>
    internal static IEnumerable<ServiceDescriptor> ServicesOfApi() => typeof(Permission).Assembly.GetTypes()
        .Select(type => type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static))
        .Where(property => property?.PropertyType == typeof(FileDescriptor))
        .Select(property => (FileDescriptor)property!.GetValue(null)!)
        .SelectMany(file => file.Services);

    private static Permission Read(MethodDescriptor method) => method.GetOptions()?.GetExtension(AccessExtensions.Requires) ?? Permission.Unspecified;
}
