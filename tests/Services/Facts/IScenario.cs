namespace ShutdownAnalyzers.Facts;

/// <summary>A program of a few lines that shows one fact. What it prints is what its test reads.</summary>
internal interface IScenario
{
    Task RunAsync(string[] args);
}
