namespace ShutdownAnalyzers.Facts.RawProcess;

/// <summary>1.2: which hooks run at an end of the program's own.</summary>
internal sealed class EndsByItself : IScenario
{
    public Task RunAsync(string[] args)
    {
        Hooks.Print();
        try
        {
            switch (args[0])
            {
                case "exit": Environment.Exit(6); break;
                case "failfast": Environment.FailFast("over"); break;
                case "return": break;
                default: throw new ArgumentException("Name the end: return, exit or failfast.");
            }
        }
        finally
        {
            Console.WriteLine("finally");
        }

        return Task.CompletedTask;
    }
}
