using System.Runtime.InteropServices;
using RollingDeploy;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(Settings.Usage);
    return ExitCodes.Success;
}

if (OperatingSystem.IsWindows())
{
    Console.Error.WriteLine("The demonstration restarts services with SIGTERM, as Kubernetes and systemd do, and Windows has no way to send it. Run it on Linux, on macOS or in WSL.");
    return ExitCodes.Environment;
}

if (!Settings.TryParse(args, out var settings, out var error))
{
    Console.Error.WriteLine(error);
    Console.Error.WriteLine(Settings.Usage);
    return ExitCodes.Environment;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);

try
{
    return await new Demonstration(settings).RunAsync(stop.Token);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped before the end.");
    return ExitCodes.Interrupted;
}
catch (EnvironmentException e)
{
    Console.Error.WriteLine(e.Message);
    return ExitCodes.Environment;
}

void Cancel(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
