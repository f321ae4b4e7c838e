using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ShutdownAnalyzers.TestSupport;

/// <summary>A program under test: started, read, signalled and waited for within bounds, and killed with all its children when the test ends.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly string _name;

    private ServiceProcess(Process process, string name) => (_process, _name) = (process, name);

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>All that it has printed so far, both streams.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Starts a program; <paramref name="environment"/> is added to the test's own.</summary>
    public static ServiceProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? workingDirectory = null)
    {
        // A shell starts what it runs in the background with SIGINT and SIGQUIT ignored, nohup with SIGHUP, and children inherit that: they get their defaults back.
        var start = OperatingSystem.IsLinux()
            ? new ProcessStartInfo("env", ["--default-signal=HUP,INT,QUIT", file, .. arguments])
            : new ProcessStartInfo(file, arguments);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        start.WorkingDirectory = workingDirectory ?? "";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;

        var service = new ServiceProcess(new Process { StartInfo = start }, $"{Path.GetFileName(file)} {string.Join(' ', start.ArgumentList)}");
        service._process.OutputDataReceived += service.OnLine;
        service._process.ErrorDataReceived += service.OnLine;
        service._process.Start();
        service._process.BeginOutputReadLine();
        service._process.BeginErrorReadLine();
        service._process.StandardInput.Close();
        return service;
    }

    /// <summary>Waits for a line that contains <paramref name="text"/> and returns it.</summary>
    public async Task<string> LineAsync(string text, TimeSpan? timeout = null)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < (timeout ?? Patience))
        {
            // Read before the look at the lines: an exit between the two must not hide the last ones.
            var exited = _process.HasExited;
            if (_lines.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } found)
                return found;
            if (exited)
                break;
            await Task.Delay(20);
        }

        throw new TimeoutException($"'{_name}' printed no '{text}' (exited: {_process.HasExited}). It printed:\n{Output}");
    }

    /// <summary>Sends a signal by number; <c>15</c> is SIGTERM.</summary>
    public void Signal(int number = 15) => Signal(_process.Id, number);

    /// <summary>Sends a signal to another process, such as a child of this one.</summary>
    public static void Signal(int process, int number)
    {
        if (Kill(process, number) != 0)
            throw new InvalidOperationException($"kill({process}, {number}) failed: errno {Marshal.GetLastPInvokeError()}.");
    }

    /// <summary>The only process that it has started itself.</summary>
    public int Child() => int.Parse(File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children"), CultureInfo.InvariantCulture);

    /// <summary>Waits for the end and returns the exit code as a shell shows it (128 + n for a signal).</summary>
    public async Task<int> ExitAsync(TimeSpan? timeout = null)
    {
        using var patience = new CancellationTokenSource(timeout ?? Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"'{_name}' did not end. It printed:\n{Output}");
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void OnLine(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null)
            _lines.Enqueue(line.Data);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
