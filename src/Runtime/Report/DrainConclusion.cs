using Microsoft.Extensions.Hosting;

namespace ShutdownAnalyzers.Runtime;

/// <summary>What is made of the journal when the drain has ended, or when the process is ended ahead of it: the report and the exit code.</summary>
internal sealed class DrainConclusion(DrainJournal journal, DrainReporter reporter, RunningParts running, ParticipantDrain participants, IRequestDrain? requests)
{
    /// <summary>The drain has come to its end.</summary>
    /// <param name="setExitCode">Takes the code where it is not 0; null where the process is not the drain's to end.</param>
    public void Draw(Action<int>? setExitCode)
    {
        foreach (BackgroundService service in running.BackgroundServices().Where(s => s.ExecuteTask?.IsFaulted == true))
        {
            journal.Faulted(service.GetType().ToString(), service.ExecuteTask!.Exception?.InnerException);
        }

        DrainReport report = Report(null);
        if (report.ExitCode != ShutdownExitCodes.Clean) setExitCode?.Invoke(report.ExitCode);
        reporter.Write(report);
    }

    /// <summary>The last words of a process that is ended. To the error stream first, since a logger's queue may die with the process; the report says what is known by now.</summary>
    public void CutOff(int exitCode, string what, string happened, DrainPhase phase, CleanupRunner? cleanup)
    {
        string stillRunning = running.Show(cleanup);
        Console.Error.WriteLine($"{what} {happened} in phase {phase}; still running: {stillRunning}. The process ends now.");
        reporter.Write(Report(new CutOff(char.ToLowerInvariant(what[0]) + what[1..], exitCode, stillRunning)));
    }

    private DrainReport Report(CutOff? cutOff) => journal.Report(requests?.Counts ?? default, participants.Results, cutOff);
}
