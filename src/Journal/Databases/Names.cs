using System.Text;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using NodaTime;

namespace KeyAccountLogistics.Journal.Databases;

// snake_case everywhere, so that no statement on either engine needs quotes, and constraint names that follow from table and columns.
internal static class Names
{
    private const int NameLengthMax = 63;   // PostgreSQL cuts longer names silently

    internal static void Apply(IMutableModel model)
    {
        foreach (var entity in model.GetEntityTypes())
        {
            var table = entity.GetTableName();
            if (table is null || entity.GetViewName() is not null) continue;
            Invariant.Holds(entity.IsOwned() || string.Equals(table, Snake(table), StringComparison.Ordinal), $"table '{table}' is named by ToTable in snake_case");
            foreach (var property in entity.GetDeclaredProperties()) property.SetColumnName(Column(property));
            foreach (var key in entity.GetDeclaredKeys()) key.SetName(Fit(key.IsPrimaryKey() ? "pk_" + table : "ak_" + table + Columns(key.Properties)));
            foreach (var index in entity.GetDeclaredIndexes()) index.SetDatabaseName(Fit((index.IsUnique ? "ux_" : "ix_") + table + Columns(index.Properties)));
            foreach (var foreign in entity.GetDeclaredForeignKeys()) foreign.SetConstraintName(Fit("fk_" + table + Columns(foreign.Properties)));
        }
    }

    internal static string Snake(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            var startsWord = i > 0 && char.IsUpper(c) && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1]))) && name[i - 1] != '_';
            if (startsWord) text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }
        return text.ToString();
    }

    // The unit stands last, as on the wire: ReceivedAt is received_us, a Mass called Declared is declared_mg.
    private static string Column(IMutableProperty property)
    {
        var name = Snake(property.Name);
        var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        if (type == typeof(Instant)) return (name.EndsWith("_at", StringComparison.Ordinal) ? name[..^3] : name) + "_us";
        return type == typeof(Mass) ? name + "_mg" : name;
    }

    private static string Columns(IReadOnlyList<IMutableProperty> properties) => string.Concat(properties.Select(p => "_" + Column(p)));

    private static string Fit(string name)
    {
        Invariant.Holds(name.Length <= NameLengthMax, $"'{name}' fits into a PostgreSQL name");
        return name;
    }
}
