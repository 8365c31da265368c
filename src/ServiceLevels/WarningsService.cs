namespace KeyAccountLogistics.ServiceLevels;

/// <summary>The RPCs of warnings: not yet, so each answers Unimplemented.</summary>
internal sealed class WarningsService : Api.Levels.V1.Warnings.WarningsBase;
