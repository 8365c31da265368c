using KeyAccountLogistics.Cli;

return await KalProgram.RunAsync(args);
