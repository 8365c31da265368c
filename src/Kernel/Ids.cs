using System.Security.Cryptography;
using System.Text;

namespace KeyAccountLogistics.Kernel;

/// <summary>Mints ids. Injected, so that tests and simulations repeat; the product uses <see cref="RandomIds"/>.</summary>
public interface IIds
{
    /// <summary>A new UUID of version 7 (RFC 9562): ascending in time, so that sorted batches meet an index in order.</summary>
    Guid New();
}

/// <summary>Version 7 ids from the injected clock and the system's random generator. Thread-safe.</summary>
public sealed class RandomIds(TimeProvider time) : IIds
{
    /// <inheritdoc/>
    public Guid New()
    {
#pragma warning disable RS0030 // the one place that mints an id
        return Guid.CreateVersion7(time.GetUtcNow());
#pragma warning restore RS0030
    }
}

/// <summary>Ids that are a function of a name, for what arrives with an id of its own that is not a UUID.</summary>
public static class NamedId
{
    /// <summary>A UUID of version 8 (RFC 9562, vendor-specific) from the first 16 bytes of SHA-256 over space and name: the same input gives the same id for ever.</summary>
    public static Guid From(string space, string name)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(name);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(space + "\0" + name), hash);
        var id = hash[..16];
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
