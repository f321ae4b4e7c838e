namespace ShutdownAnalyzers.Facts.RawProcess;

/// <summary>1.1, 1.4: no handler of any signal, and every hook of an orderly end.</summary>
internal sealed class PlainProgram : IScenario
{
    public Task RunAsync(string[] args)
    {
        Hooks.Print();
        Environment.ExitCode = 5;
        try
        {
            Console.WriteLine("ready");
            Thread.Sleep(Timeout.Infinite);
        }
        finally
        {
            Console.WriteLine("finally");
        }

        return Task.CompletedTask;
    }
}
