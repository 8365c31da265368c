using System.Globalization;
using KeyAccountLogistics.Cli;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return await KalProgram.RunAsync(args);
