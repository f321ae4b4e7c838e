using ShutdownAnalyzers.ShopJobs;

switch (args.FirstOrDefault())
{
    case "worker": Worker.Run(args); break;
    case "stuck": StuckWorker.Run(args); break;
    case "finalizer": StuckWorker.Run(args, finalizer: true); break;
    case "program": await PlainProgram.RunAsync(); break;
    default: throw new ArgumentException("Name the form: worker, stuck, finalizer or program.");
}
