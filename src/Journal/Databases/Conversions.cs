using System.Buffers.Binary;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using NodaTime;

namespace KeyAccountLogistics.Journal.Databases;

// One representation on both engines, so that rows compare equal between them and the hand-written append path binds plain integers:
// instants as microseconds since 1970 (bigint), masses as milligrams (bigint), days as DateOnly, ids as 16 bytes in RFC order on SQLite and uuid on PostgreSQL.
internal sealed class InstantConverter() : ValueConverter<Instant, long>(i => i.ToUnixMicros(), m => Clock.FromUnixMicros(m));

internal sealed class MassConverter() : ValueConverter<Mass, long>(m => m.Milligrams, v => Mass.FromMilligrams(v));

internal sealed class DayConverter() : ValueConverter<LocalDate, DateOnly>(d => d.ToDateOnly(), d => LocalDate.FromDateOnly(d));

internal sealed class UuidBytesConverter() : ValueConverter<Guid, byte[]>(g => Uuid.Bytes(g), b => Uuid.From(b));

internal static class Conversions
{
    internal static void Register(ModelConfigurationBuilder conventions, bool sqlite)
    {
        conventions.Properties<Instant>().HaveConversion<InstantConverter>();
        conventions.Properties<Mass>().HaveConversion<MassConverter>();
        conventions.Properties<LocalDate>().HaveConversion<DayConverter>();
        if (sqlite) conventions.Properties<Guid>().HaveConversion<UuidBytesConverter>();
    }
}

/// <summary>UUIDs as their 16 bytes in RFC 9562 order, the form in which events carry them.</summary>
public static class Uuid
{
    /// <summary>The 16 bytes, most significant first.</summary>
    public static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);

    /// <summary>From 16 bytes, most significant first; throws <see cref="ArgumentException"/> for any other length.</summary>
    public static Guid From(ReadOnlySpan<byte> bytes) => new(bytes, bigEndian: true);

    internal static bool IsZero(ReadOnlySpan<byte> bytes) =>
        (BinaryPrimitives.ReadUInt64BigEndian(bytes) | BinaryPrimitives.ReadUInt64BigEndian(bytes[8..])) == 0;
}
