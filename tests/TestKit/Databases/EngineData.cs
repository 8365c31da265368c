using System.Reflection;
using KeyAccountLogistics.Journal.Databases;
using Xunit.Sdk;

namespace KeyAccountLogistics.TestKit.Databases;

/// <summary>A row of a theory on SQLite: the engine, then the values given.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OnSqliteAttribute(params object[] values) : DataAttribute
{
    /// <inheritdoc/>
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[Engine.Sqlite, .. values]];
}

/// <summary>A row of a theory on PostgreSQL: the engine, then the values given. Skipped with the reason where its server programs are not installed.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OnPostgresAttribute : DataAttribute
{
    private readonly object[] _values;

    /// <summary>The values follow the engine.</summary>
    public OnPostgresAttribute(params object[] values)
    {
        _values = values;
        Skip = Requires.Missing("initdb", "postgres", "pg_ctl");
    }

    /// <inheritdoc/>
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[Engine.Postgres, .. _values]];
}
