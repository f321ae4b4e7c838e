using ShutdownAnalyzers.ShopJobs;

switch (args.FirstOrDefault())
{
    case "worker": Worker.Run(args); break;
    case "stuck": StuckWorker.Run<StuckWorker.Stuck>(args); break;
    case "starved": StuckWorker.Run<StuckWorker.Starved>(args); break;
    case "finalizer": StuckWorker.Run<StuckWorker.StuckFinalizer>(args); break;
    case "exit-hangs": StuckWorker.Run<StuckWorker.StuckExit>(args); break;
    case "program": await PlainProgram.RunAsync(); break;
    default: throw new ArgumentException("Name the form: worker, stuck, starved, finalizer, exit-hangs or program.");
}
